"""What is decided before any call of AWS: no account is there."""

import re

import boto3
import pytest

from local.properties import UNKNOWN
from local.resources.account import Account
from local.resources.clients import Clients
from local.resources.errors import InvalidInputs, UnknownKind

QUEUE = "aws:sqs/queue:Queue"
FUNCTION = "aws:lambda/function:Function"


@pytest.fixture(scope="module")
def account() -> Account:
    clients = Clients(boto3.Session(region_name="us-east-2"))
    return Account(clients, default_tags={"Project": "shop"})


def test_an_unknown_kind_is_named_with_its_resource(account: Account) -> None:
    with pytest.raises(UnknownKind, match=r"aws:s3/bucket:Bucket 'files'.*no such kind"):
        account.check("aws:s3/bucket:Bucket", "files", {})


def test_a_wrong_type_is_found_before_anything_is_made(account: Account) -> None:
    given = {"name": "f", "role": "r", "imageUri": "i", "timeout": "soon"}
    with pytest.raises(InvalidInputs, match=r"'f': .*Timeout.*soon"):
        account.check(FUNCTION, "f", given)


def test_a_property_that_aws_does_not_know_is_refused(account: Account) -> None:
    with pytest.raises(InvalidInputs, match="colour"):
        account.check(QUEUE, "q", {"name": "q", "colour": "blue"})


def test_a_missing_property_is_named(account: Account) -> None:
    with pytest.raises(InvalidInputs, match="policy is missing"):
        account.check("aws:iam/rolePolicy:RolePolicy", "p", {"role": "r"})


def test_what_is_not_known_yet_is_not_judged(account: Account) -> None:
    given = {"name": "f", "role": UNKNOWN, "imageUri": UNKNOWN, "timeout": UNKNOWN}
    assert account.check(FUNCTION, "f", given)["timeout"] == UNKNOWN


@pytest.mark.parametrize(
    ("given", "pattern"),
    [({}, r"work-[0-9a-f]{7}"), ({"fifoQueue": True}, r"work-[0-9a-f]{7}\.fifo")],
)
def test_a_resource_without_a_name_gets_one(
    account: Account, given: dict[str, object], pattern: str
) -> None:
    name = account.check(QUEUE, "work", given)["name"]
    assert re.fullmatch(pattern, name)


def test_a_made_up_name_is_kept(account: Account) -> None:
    old = account.check(QUEUE, "work", {})
    assert account.check(QUEUE, "work", {}, old=old) == old


def test_the_same_seed_makes_the_same_name(account: Account) -> None:
    first = account.check(QUEUE, "work", {}, seed=b"seed")
    assert account.check(QUEUE, "work", {}, seed=b"seed") == first


def test_a_preview_has_the_inputs_the_tags_and_nothing_that_aws_decides(account: Account) -> None:
    outputs = account.preview(QUEUE, "work", {"name": "work", "tags": {"Role": "work"}})
    assert outputs == {
        "name": "work",
        "tags": {"Role": "work"},
        "tagsAll": {"Project": "shop", "Role": "work"},
        "region": "us-east-2",
        "arn": UNKNOWN,
        "url": UNKNOWN,
    }


def test_an_update_keeps_what_does_not_change_with_it(account: Account) -> None:
    old = {"name": "f", "arn": "arn:f", "lastModified": "yesterday"}
    outputs = account.preview_update(FUNCTION, "f", old, {"name": "f", "timeout": 5})
    assert (outputs["arn"], outputs["lastModified"]) == ("arn:f", UNKNOWN)
