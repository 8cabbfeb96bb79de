"""What is wrong with the place is said before anything is asked there."""

from pathlib import Path

import boto3
import msgspec
import pytest
from botocore.config import Config

from control import place
from control.errors import ControlError, UsageError
from control.place import LocalState, reach


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


def test_a_local_system_that_was_ended_from_outside_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(place, "CALLS", place.CALLS.merge(Config(retries={"max_attempts": 0})))
    left = LocalState(endpoint="https://127.0.0.1:1", ca_bundle="ca.pem", region="us-east-2")
    (tmp_path / place.STATE).write_bytes(msgspec.json.encode(left))
    with pytest.raises(ControlError, match="is gone: .* `make up` starts a new one"):
        reach("local", directory=tmp_path)
