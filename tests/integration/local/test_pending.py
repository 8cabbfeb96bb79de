"""An update that was killed: what it had begun, and how it is taken in or removed."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from local.engine.pending import arguments, removals
from local.resources.account import Account
from local.resources.clients import Clients

REPOSITORY = "payments"
NAME = f"123456789012.dkr.ecr.us-east-2.amazonaws.com/{REPOSITORY}:1"
URN = "urn:pulumi:dev::shop::"
IMAGE = {"type": "docker:index/image:Image", "urn": f"{URN}docker:index/image:Image::payments"}
ROLE = {"type": "aws:iam/role:Role", "urn": f"{URN}aws:iam/role:Role::worker"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def account(emulator: Emulator, tmp_path: Path) -> Account:
    return Account(Clients(emulator.session(), root=tmp_path))


def state(operation: str, resource: dict[str, str], **inputs: object) -> dict[str, Any]:
    """A state with one operation that nobody saw the end of."""
    begun = {"type": operation, "resource": {**resource, "inputs": inputs}}
    return {"deployment": {"pending_operations": [begun]}}


def test_what_exists_is_taken_in(account: Account, emulator: Emulator) -> None:
    inputs = {"name": "worker", "assumeRolePolicy": TRUST}
    begun = state("creating", ROLE, **inputs)
    assert arguments(begun, account) == ["--clear-pending-creates"]
    account.create(ROLE["type"], "worker", inputs)
    take_in = "--import-pending-creates"
    assert arguments(begun, account) == [
        take_in, ROLE["urn"], take_in, "worker", "--clear-pending-creates",
    ]  # fmt: skip
    emulator.session().client("iam").delete_role(RoleName="worker")


@pytest.mark.parametrize("operation", ["creating", "updating"])
def test_an_image_that_was_pushed_is_removed_and_not_taken_in(
    account: Account, emulator: Emulator, operation: str
) -> None:
    ecr = emulator.session().client("ecr")
    ecr.create_repository(repositoryName=REPOSITORY)
    begun = state(operation, IMAGE, imageName=NAME)
    assert removals(begun, account) == []
    manifest = json.dumps({"schemaVersion": 2, "layers": []})
    ecr.put_image(repositoryName=REPOSITORY, imageManifest=manifest, imageTag="1")
    assert removals(begun, account) == [
        "aws ecr batch-delete-image --repository-name payments --image-ids imageTag=1"
    ]
    assert arguments(begun, account) == ["--clear-pending-creates"]
    ecr.delete_repository(repositoryName=REPOSITORY, force=True)
