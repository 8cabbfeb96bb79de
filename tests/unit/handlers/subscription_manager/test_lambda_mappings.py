"""Mappings through Lambda's API: both settings in one call, and every state understood."""

from typing import Any

import pytest

from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager.lambda_mappings import LambdaMappings
from handlers.subscription_manager.ports import MappingBusy

MAPPING = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"


def test_a_mapping_is_changed_by_one_call_for_both_settings(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["lambda"]
    stub.add_response(
        "update_event_source_mapping",
        {},
        {"UUID": MAPPING, "Enabled": True, "ScalingConfig": {"MaximumConcurrency": 2}},
    )

    LambdaMappings(client).change(MAPPING, enabled=True, concurrency=2)


@pytest.mark.parametrize(
    "code", ["ResourceInUseException", "TooManyRequestsException", "ThrottlingException"]
)
def test_a_mapping_in_transition_or_a_throttle_is_busy(code: str, stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["lambda"]
    stub.add_client_error("update_event_source_mapping", code)

    with pytest.raises(MappingBusy, match=code):
        LambdaMappings(client).change(MAPPING, enabled=True, concurrency=2)


def test_any_other_failure_of_lambda_is_aws_unavailable(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["lambda"]
    stub.add_client_error("update_event_source_mapping", "ServiceException")

    with pytest.raises(AwsUnavailable, match="ServiceException"):
        LambdaMappings(client).change(MAPPING, enabled=True, concurrency=2)


@pytest.mark.parametrize(
    ("state", "limit", "enabled", "agrees"),
    [
        ("Enabled", 20, True, True),
        ("Enabling", 20, True, True),
        ("Updating", 20, True, True),
        ("Enabled", 2, True, False),
        ("Enabled", None, True, False),
        ("Disabling", 20, True, False),
        ("Disabled", 20, True, False),
        ("Creating", 20, True, False),
        ("Disabled", 2, False, True),
        ("Disabling", None, False, True),
        ("Enabled", 20, False, False),
        ("Updating", 20, False, False),
    ],
)
def test_a_mapping_agrees_when_it_is_as_wanted_or_on_its_way(
    state: str, limit: int | None, enabled: bool, agrees: bool, stubbed: dict[str, Any]
) -> None:
    client, stub = stubbed["lambda"]
    scaling = {"ScalingConfig": {"MaximumConcurrency": limit}} if limit else {}
    stub.add_response("get_event_source_mapping", {"State": state, **scaling})

    view = LambdaMappings(client).view(MAPPING)

    assert view.agrees(enabled, 20) is agrees
