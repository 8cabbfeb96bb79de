import boto3
import pytest

from local.resources.clients import Clients
from local.resources.kind import Kind
from local.resources.table import KINDS
from local.resources.tags import Tagging

TAGGED = [kind for kind in KINDS.values() if kind.tagging]


@pytest.fixture(scope="module")
def aws() -> Clients:
    return Clients(boto3.Session(region_name="us-east-2"))


@pytest.mark.parametrize("kind", TAGGED, ids=lambda kind: kind.pulumi_type)
def test_the_tagging_calls_exist_and_are_spelled_right(aws: Clients, kind: Kind) -> None:
    tagging = kind.tagging
    assert tagging is not None
    assert {tagging.target, tagging.parameter} <= set(
        aws.takes(tagging.service, tagging.tag).members
    )
    assert {tagging.target, tagging.keys} <= set(aws.takes(tagging.service, tagging.untag).members)


@pytest.mark.parametrize(
    ("style", "encoded"),
    [
        ("map", {"Project": "shop"}),
        ("list", [{"Key": "Project", "Value": "shop"}]),
        ("kms", [{"TagKey": "Project", "TagValue": "shop"}]),
    ],
)
def test_tags_take_the_form_of_the_service(style: str, encoded: object) -> None:
    tagging = Tagging(service="any", style=style)  # pyright: ignore[reportArgumentType] - a literal
    assert tagging.encode({"Project": "shop"}) == encoded
