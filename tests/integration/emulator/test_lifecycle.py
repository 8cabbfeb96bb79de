import os
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator import (
    Emulator,
    EmulatorDiedError,
    EmulatorNotRunningError,
    PortInUseError,
)
from tests.emulated_account import eventually

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator.start(tmp_path) as emulator:
        yield emulator


def test_it_answers_as_soon_as_it_is_started(running: Emulator) -> None:
    caller = running.session().client("sts").get_caller_identity()

    assert caller["Arn"] == "arn:aws:iam::123456789012:root"


def test_it_listens_on_the_loopback_address_only(running: Emulator) -> None:
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f":{running.port:04X}"
    addresses = [line.split()[1] for line in listening if line.split()[1].endswith(port)]

    assert {address.split(":")[0] for address in addresses} == {"0100007F"}


def test_it_speaks_tls_with_a_certificate_that_only_its_bundle_trusts(running: Emulator) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(  # noqa: S310 - the emulator's own address
            running.endpoint, context=ssl.create_default_context()
        )


def test_an_unknown_key_is_refused(running: Emulator) -> None:
    core = running.anonymous_session()
    core.set_credentials("AKIAUNKNOWN", "secret")
    client = core.create_client("sqs")

    with pytest.raises(client.exceptions.ClientError, match="InvalidClientTokenId"):
        client.list_queues()  # pyright: ignore[reportAttributeAccessIssue] - made by botocore


def test_another_endpoint_in_the_environment_is_not_followed(
    running: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://127.0.0.1:1")

    assert running.session().client("sqs").meta.endpoint_url == running.endpoint


def test_a_port_in_use_is_named(running: Emulator, tmp_path: Path) -> None:
    with pytest.raises(PortInUseError, match=str(running.port)):
        Emulator.start(tmp_path / "second", running.port)


def test_a_given_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with Emulator.start(tmp_path, port) as emulator:
        assert emulator.endpoint == f"https://127.0.0.1:{port}"


def test_another_process_finds_it_by_its_directory(running: Emulator, tmp_path: Path) -> None:
    found = Emulator.attach(tmp_path)

    assert found.endpoint == running.endpoint
    assert found.session().client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_none_is_found_where_none_was_started(tmp_path: Path) -> None:
    with pytest.raises(EmulatorNotRunningError):
        Emulator.attach(tmp_path)


def test_stopping_leaves_nothing_but_the_log_and_the_record(tmp_path: Path) -> None:
    emulator = Emulator.start(tmp_path)
    assert emulator.process is not None
    process = emulator.process.pid
    emulator.stop()

    assert not _alive(process)
    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["emulator.log", "record.jsonl"]
    with pytest.raises(EmulatorNotRunningError):
        Emulator.attach(tmp_path)


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    emulator = Emulator.start(tmp_path)

    emulator.stop()
    emulator.stop()


def test_one_that_died_is_reported_with_its_status_and_the_end_of_its_log(
    running: Emulator,
) -> None:
    assert running.process is not None
    running.check()
    running.process.kill()
    running.process.wait()

    with pytest.raises(EmulatorDiedError, match="status -9") as died:
        running.check()
    assert died.value.log == running.log


def test_one_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.emulator.emulator.ACCOUNT_ID", "--unknown-option")

    with pytest.raises(EmulatorDiedError, match="expected one argument"):
        Emulator.start(tmp_path)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_the_process_that_started_it(tmp_path: Path, how: signal.Signals) -> None:
    program = f"""
        import time
        from pathlib import Path
        from local.emulator import Emulator
        emulator = Emulator.start(Path({str(tmp_path)!r}))
        print(emulator.process.pid, flush=True)
        time.sleep(60)
    """
    starter = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        starter.send_signal(how)
        starter.wait()

    eventually(lambda: not _alive(child))
    eventually(lambda: not (tmp_path / "emulator" / "tmp").exists())


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
