"""What is missing is installed where that is allowed, and said where it is not."""

from pathlib import Path

import pytest

from local.packages import NoPackageError, install
from tests.unit.local.programs import be, program


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
    with pytest.raises(NoPackageError, match="docker-registry is missing, and to install it takes"):
        install("docker-registry")


def test_where_there_is_no_apt_get_it_says_so(said: Path) -> None:
    with pytest.raises(NoPackageError, match="has no apt-get"):
        install("docker-registry")
    assert not said.exists()


def test_a_failed_installation_names_its_step(said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, 0)
    program(said, "apt-get")
    program(said, "env", status=100)
    with pytest.raises(NoPackageError, match="apt-get update failed"):
        install("docker-registry")
