"""What is missing is installed where that is allowed, and said where it is not."""

import gc
import os
import signal
from pathlib import Path

import pytest

from local.containers import engine
from local.containers.engine import NoEngineError, install

RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >> {said}
exit {status}
"""


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs on a PATH of ours write down how they were called."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "said"


def program(said: Path, name: str, status: int = 0) -> None:
    path = said.parent / name
    path.write_text(RECORDER.format(said=said, status=status).replace("basename", "/bin/basename"))
    path.chmod(0o755)


def be(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)


def test_who_is_not_root_installs_by_a_sudo_that_asks_for_nothing(
    said: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, 1000)
    program(said, "apt-get")
    program(said, "sudo")
    install("docker-registry")
    update, installed = said.read_text().splitlines()
    assert update.startswith("sudo --non-interactive env DEBIAN_FRONTEND=noninteractive apt-get")
    assert installed.endswith("--no-install-recommends docker-registry")


def test_without_root_and_sudo_it_says_what_it_takes(
    said: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, 1000)
    program(said, "apt-get")
    with pytest.raises(NoEngineError, match="docker-registry is missing, and to install it takes"):
        install("docker-registry")


def test_where_there_is_no_apt_get_it_says_so(said: Path) -> None:
    with pytest.raises(NoEngineError, match="has no apt-get"):
        install("docker-registry")
    assert not said.exists()


def test_a_failed_installation_names_its_step(said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, 0)
    program(said, "apt-get")
    program(said, "env", status=100)
    with pytest.raises(NoEngineError, match="apt-get update failed"):
        install("docker-registry")


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
