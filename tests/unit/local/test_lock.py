import fcntl
import os
import threading
from pathlib import Path

import pytest

from local.errors import AlreadyRunningError
from local.lock import held, holder


def test_a_directory_is_held_by_one_process_at_a_time(tmp_path: Path) -> None:
    with held(tmp_path):
        with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()} is"), held(tmp_path):
            pytest.fail("held twice")
        assert holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None


def test_a_holder_that_has_not_said_its_number_yet_is_waited_for(tmp_path: Path) -> None:
    """Its number would be 0, and a signal to that goes to everybody."""
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        def say() -> None:
            file.write("4711")
            file.flush()

        late = threading.Timer(0.1, say)
        late.start()
        assert holder(tmp_path) == 4711
        late.join()


def test_who_only_looks_keeps_nobody_out(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        looked = threading.Timer(0.1, fcntl.flock, (file, fcntl.LOCK_UN))
        looked.start()
        with held(tmp_path):
            assert holder(tmp_path) == os.getpid()
        looked.join()
