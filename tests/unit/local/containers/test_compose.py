from pathlib import Path

import pytest

from local.containers import compose
from local.containers.compose import NoComposeError
from tests.unit.local.programs import program


@pytest.mark.usefixtures("said")
def test_without_docker_it_is_said_where_to_get_it() -> None:
    with pytest.raises(NoComposeError, match=r"docker is missing, see https://docs\.docker\.com/"):
        compose.ensure()


def test_a_plugin_is_used_where_there_is_one(said: Path) -> None:
    program(said, "docker")
    compose.ensure()
    assert compose.command() == ["docker", "compose"]


def test_without_a_plugin_and_without_go_both_are_named(
    said: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(said, "docker", status=1)
    monkeypatch.setattr(compose, "BUILT", tmp_path / "bin" / "docker-compose")
    with pytest.raises(NoComposeError, match="no plugin compose, and there is no go"):
        compose.ensure()
