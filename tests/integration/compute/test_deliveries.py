import json
from typing import Any

import pytest

from tests.emulated_account import LOGGING, Account, allow, eventually


def _printed(account: Account, function: str) -> list[Any]:
    events = account.logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    messages = [event.get("message", "") for event in events]
    return [eval(m) for m in messages if m.startswith("{")]  # noqa: S307 - what our own handler printed


@pytest.fixture
def speaker(account: Account) -> str:
    return account.function("answers.speak", role=account.role(allow(LOGGING)), logged=True)


def _permit(account: Account, function: str, topic: str) -> None:
    account.functions.add_permission(
        FunctionName=function,
        StatementId="topic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )


def test_a_topic_calls_a_function_with_its_envelope(account: Account, speaker: str) -> None:
    topic = account.topic(fifo=False)
    _permit(account, speaker, topic)
    subscription = account.subscribe(topic, account.arn("lambda", f"function:{speaker}"))

    account.publish(topic, "disable", action="disable")

    event = eventually(lambda: _printed(account, speaker))[0]
    (record,) = event["Records"]
    assert record["EventSource"] == "aws:sns"
    assert record["EventSubscriptionArn"] == subscription
    assert record["Sns"]["Message"] == "disable"
    assert record["Sns"]["TopicArn"] == topic
    assert record["Sns"]["Subject"] is None
    assert record["Sns"]["MessageAttributes"] == {"action": {"Type": "String", "Value": "disable"}}


def test_a_topic_without_the_functions_permission_ends_in_the_dead_letter_queue(
    account: Account, speaker: str
) -> None:
    topic = account.topic(fifo=False)
    dead_letters = account.queue(fifo=False, open_to=topic)
    account.subscribe(
        topic,
        account.arn("lambda", f"function:{speaker}"),
        RedrivePolicy=json.dumps({"deadLetterTargetArn": account.queue_arn(dead_letters)}),
    )

    account.publish(topic, "disable")

    (body,) = eventually(lambda: account.bodies(dead_letters, wait=1))
    assert json.loads(body)["Message"] == "disable"


def _schedule(account: Account, function: str, role: str, state: str = "ENABLED") -> None:
    account.schedules.create_schedule(
        Name=account.name("schedule"),
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        State="ENABLED" if state == "ENABLED" else "DISABLED",
        Target={
            "Arn": account.arn("lambda", f"function:{function}"),
            "RoleArn": role,
            "Input": '{"action": "reconcile"}',
        },
    )


def test_a_schedule_calls_its_function_with_its_input_each_turn(
    account: Account, speaker: str
) -> None:
    arn = account.arn("lambda", f"function:{speaker}")
    role = account.role(allow("lambda:InvokeFunction", arn), service="scheduler.amazonaws.com")

    _schedule(account, speaker, role)

    eventually(lambda: len(_printed(account, speaker)) > 2)
    assert _printed(account, speaker)[0] == {"action": "reconcile"}


def test_a_schedule_whose_role_may_not_call_or_that_is_disabled_does_nothing(
    account: Account, speaker: str
) -> None:
    arn = account.arn("lambda", f"function:{speaker}")
    allowed = account.role(allow("lambda:InvokeFunction", arn), service="scheduler.amazonaws.com")
    witness = account.function("answers.speak", role=account.role(allow(LOGGING)), logged=True)
    other = account.role(
        allow("lambda:InvokeFunction", account.arn("lambda", f"function:{witness}")),
        service="scheduler.amazonaws.com",
    )
    _schedule(account, speaker, other)
    _schedule(account, speaker, allowed, state="DISABLED")

    _schedule(account, witness, other)

    eventually(lambda: len(_printed(account, witness)) > 2)
    assert _printed(account, speaker) == []
