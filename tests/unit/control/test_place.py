"""What is wrong with the place is said before anything is asked there."""

from pathlib import Path

import boto3
import pytest

from control.errors import ControlError, UsageError
from control.place import LOCAL, reach


def test_a_stack_that_the_project_does_not_have_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def asked(**_: object) -> None:
        pytest.fail("AWS was asked")

    monkeypatch.setattr(boto3, "Session", asked)
    with pytest.raises(
        UsageError, match="no stack 'nowhere': the project has dev, local, prod, staging"
    ):
        reach("nowhere", directory=tmp_path)


@pytest.mark.parametrize("text", ["", "{", '{"endpoint": "https://127.0.0.1:4566"}'])
def test_a_state_that_was_half_written_is_said_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "system.json").write_text(text)
    with pytest.raises(ControlError, match=r"system.json .* `make down`"):
        reach(LOCAL, directory=tmp_path)


def test_a_directory_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ControlError, match="no local system is running"):
        reach(LOCAL, directory=file)
