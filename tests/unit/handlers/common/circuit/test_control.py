"""What may be said on the control topic."""

import json

import pytest

from handlers.common.circuit import control, events
from handlers.common.errors import Cause, InvalidMessage

TRIP = events.Trip(
    generation=4, cause=Cause.UNAVAILABLE, why="503", who="worker-1", retry_after=2.5
)


def test_a_workers_trip_is_read_as_it_was_written() -> None:
    read = control.decode(control.trip_message("payments", TRIP))

    assert read == control.Trip(
        action="trip",
        service="payments",
        generation=4,
        cause=Cause.UNAVAILABLE,
        why="503",
        who="worker-1",
        retry_after=2.5,
    )


def test_a_trips_long_reason_is_cut() -> None:
    long = events.Trip(generation=1, cause=Cause.DEFECT, why="x" * 9999, who="y" * 9999)

    assert len(control.trip_message("payments", long)) < 1000


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("enable", control.Enable),
        ("start", control.Enable),
        ("disable", control.Disable),
        ("stop", control.Disable),
        ("status", control.Status),
        ("refresh", control.Refresh),
        ("probe", control.Probe),
        ("redrive", control.Redrive),
        ("reconcile", control.Reconcile),
    ],
)
@pytest.mark.parametrize("extra", [{}, {"service": None, "reason": None, "operator": None}])
def test_each_action_is_read_with_absent_or_null_fields(
    action: str, kind: type, extra: dict[str, None]
) -> None:
    message = control.decode(json.dumps({"action": action, **extra}))

    assert isinstance(message, kind)
    assert isinstance(message, control.Command)
    assert message.service is None


@pytest.mark.parametrize("timestamp", ["2026-11-23T10:00:00", 1795428000, 1.5, None])
def test_the_senders_timestamp_may_have_any_form(timestamp: object) -> None:
    message = control.read({"action": "enable", "timestamp": timestamp})

    assert isinstance(message, control.Enable)
    assert message.timestamp == timestamp


def test_a_notification_of_cloudwatch_is_told_by_its_alarms_name() -> None:
    text = json.dumps(
        {
            "AlarmName": "payments-errors",
            "AlarmDescription": None,
            "AWSAccountId": "123456789012",
            "NewStateValue": "ALARM",
            "NewStateReason": "Threshold Crossed",
            "StateChangeTime": "2026-11-23T10:00:00.000+0000",
            "Region": "US East (Ohio)",
            "OldStateValue": "OK",
            "Trigger": {"MetricName": "Errors"},
        }
    )

    assert control.decode(text) == control.AlarmNotification(
        alarm_name="payments-errors",
        new_state_value="ALARM",
        new_state_reason="Threshold Crossed",
    )


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"action": "disable", "hold_until": "tomorrow"}, "hold_until"),
        ({"action": "disable", "hold_until": "2026-11-23T10:00:00"}, "hold_until"),
        ({"action": "enable", "valid_until": 5}, "valid_until"),
        ({"action": "enable", "service": ""}, "service"),
        ({"action": "enable", "service": ["payments"]}, "service"),
        ({"action": "enable", "reason": "x" * 501}, "reason"),
        ({"action": "enable", "force": True}, "force"),
        ({"action": "redrive", "count": -1}, "count"),
        ({"action": "redrive", "ids": ["x"] * 101}, "ids"),
        ({"action": "trip", "service": "payments", "generation": 1, "cause": "mood"}, "cause"),
    ],
)
def test_a_refusal_names_the_field(fields: dict[str, object], place: str) -> None:
    with pytest.raises(InvalidMessage, match=place):
        control.read(fields)


def test_a_refusal_does_not_repeat_a_value() -> None:
    number = "98765432101234567"

    with pytest.raises(InvalidMessage, match=r"at `\$.cause`") as caught:
        control.read({"action": "trip", "service": "payments", "generation": 1, "cause": number})

    assert number not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "null", "3", '"enable"', "{}", '{"action": null}'])
def test_what_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(InvalidMessage):
        control.decode(text)


def test_an_unknown_action_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidMessage, match="enable, start, disable"):
        control.decode('{"action": "explode"}')
