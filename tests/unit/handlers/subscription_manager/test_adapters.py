"""Each adapter asks AWS for what was meant, and understands every answer."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.stub import Stubber

from handlers.common import aws
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager.cloudwatch_alarms import CloudWatchAlarms
from handlers.subscription_manager.lambda_mappings import LambdaMappings
from handlers.subscription_manager.lambda_prober import LambdaProber
from handlers.subscription_manager.notices import StatusNotice
from handlers.subscription_manager.ports import MappingBusy
from handlers.subscription_manager.sns_notifications import SnsNotifications
from tests.unit.handlers.subscription_manager.services import PAYMENTS

MAPPING = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"
NOW = 1_800_000_000.0


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    made: dict[str, Any] = {}
    for service in ("lambda", "cloudwatch", "sns"):
        client: Any = boto3.client(service, region_name="us-east-2")  # pyright: ignore[reportUnknownMemberType, reportArgumentType, reportCallIssue] - one of three services
        made[service] = (client, Stubber(client))
        made[service][1].activate()
    yield made
    for _, stub in made.values():
        stub.assert_no_pending_responses()


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


def alarm(updated: float, **fields: object) -> dict[str, Any]:
    at = datetime.fromtimestamp(updated, UTC)
    return {"MetricAlarms": [{"StateUpdatedTimestamp": at, "StateReason": "errors", **fields}]}


@pytest.mark.parametrize(
    ("updated", "fields", "at"),
    [
        (NOW - 10, {"Period": 60, "EvaluationPeriods": 1}, NOW - 10),
        (NOW - 9999, {"Period": 60, "EvaluationPeriods": 1}, NOW - 240),
        (NOW - 9999, {"Period": 60, "EvaluationPeriods": 2}, NOW - 300),
        (
            NOW - 9999,
            {
                "EvaluationPeriods": 1,
                "Metrics": [
                    {"Id": "rate", "Expression": "errors / invocations"},
                    {
                        "Id": "errors",
                        "MetricStat": {"Metric": {}, "Period": 300, "Stat": "Sum"},
                    },
                ],
            },
            NOW - 1200,
        ),
    ],
)
def test_an_alarm_speaks_of_its_change_and_while_it_lasts_of_what_it_looks_back_on(
    updated: float, fields: dict[str, object], at: float, stubbed: dict[str, Any]
) -> None:
    client, stub = stubbed["cloudwatch"]
    stub.add_response(
        "describe_alarms",
        alarm(updated, **fields),
        {"AlarmNames": ["payments-errors"], "StateValue": "ALARM"},
    )

    fired = CloudWatchAlarms(client).firing("payments-errors", NOW)

    assert fired is not None
    assert (fired.at, fired.why) == (at, "errors")


def test_an_alarm_that_is_not_in_alarm_says_nothing(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["cloudwatch"]
    stub.add_response("describe_alarms", {"MetricAlarms": []})

    assert CloudWatchAlarms(client).firing("payments-errors", NOW) is None


def test_a_long_subject_is_cut_to_what_sns_takes(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["sns"]
    topic = "arn:aws:sns:us-east-2:123456789012:notifications"
    told = '{"kind":"status","services":[]}'
    stub.add_response("publish", {}, {"TopicArn": topic, "Subject": "x" * 100, "Message": told})

    SnsNotifications(client, topic).publish("x" * 200, StatusNotice(services=()))


def invoked(
    stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch, payload: bytes, **answer: str
) -> ProbeAnswer:
    client, stub = stubbed["lambda"]
    waits: list[float] = []

    def functions(read_timeout: float) -> Any:  # noqa: ANN401 - a boto3 client
        waits.append(read_timeout)
        return client

    monkeypatch.setattr(aws, "functions", functions)
    stub.add_response(
        "invoke",
        {"StatusCode": 200, "Payload": io.BytesIO(payload), **answer},
        {
            "FunctionName": PAYMENTS.function,
            "InvocationType": "RequestResponse",
            "Payload": b'{"probe":{"service":"payments","generation":3,"lease":"owner-1"}}',
        },
    )
    result = LambdaProber().probe(PAYMENTS, 3, "owner-1")
    assert waits
    assert waits[0] > PAYMENTS.timeout
    return result


def test_a_probes_answer_is_read(stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    payload = b'{"verdict": "unwell", "why": "503", "cool_down": 7, "sent_at": 1.5, "new": 1}'

    assert invoked(stubbed, monkeypatch, payload) == ProbeAnswer(
        verdict=Verdict.UNWELL, why="503", cool_down=7, sent_at=1.5
    )


@pytest.mark.parametrize("payload", [b"", b"null", b"{}", b'{"verdict": "splendid"}', b"\xff"])
def test_an_answer_that_makes_no_sense_is_undecided(
    payload: bytes, stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoked(stubbed, monkeypatch, payload).verdict is Verdict.UNDECIDED


def test_a_worker_that_failed_is_undecided_whatever_it_says(
    stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = invoked(stubbed, monkeypatch, b'{"verdict": "well"}', FunctionError="Unhandled")

    assert answer.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("code", ["TooManyRequestsException", "AccessDeniedException"])
def test_an_invocation_that_was_refused_is_undecided(
    code: str, stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stub = stubbed["lambda"]
    monkeypatch.setattr(aws, "functions", Mock(return_value=client))
    stub.add_client_error("invoke", code)

    assert LambdaProber().probe(PAYMENTS, 3, "owner-1").verdict is Verdict.UNDECIDED
