"""An engine is started where that is allowed; where it is not, what to do is said."""

import gc
import os
import signal
from pathlib import Path

import pytest

from local.containers import engine
from local.containers.engine import NoEngineError
from tests.unit.local.programs import be, program


def test_no_engine_is_started_by_who_is_not_root(
    said: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, 1000)
    with pytest.raises(NoEngineError, match="run this as root to install it"):
        engine.ensure(tmp_path / "docker")
    assert not said.exists()


def test_an_engine_that_ends_at_once_is_told_by_its_log(
    said: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(said, "docker", status=1)
    program(said, "dockerd")
    with pytest.raises(NoEngineError, match="does not start here"):
        engine.ensure(tmp_path / "engine")


def test_a_started_engine_goes_on_and_leaves_its_process_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pytest takes a child that nobody waits for as an error: it must be nobody's child."""
    be(monkeypatch, 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    answering = tmp_path / "answering"
    for name, text in (
        ("docker", f"#!/bin/sh\ntest -e {answering}\n"),
        ("dockerd", f"#!/bin/sh\ntouch {answering}\nexec sleep 60\n"),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    engine.ensure(tmp_path / "engine")
    gc.collect()
    process = int((tmp_path / "engine/dockerd.pid").read_text())
    status = Path(f"/proc/{process}/status").read_text()
    os.kill(process, signal.SIGTERM)
    assert f"PPid:\t{os.getpid()}\n" not in status
