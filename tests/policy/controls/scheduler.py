"""Schedules."""

from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, elsewhere, may
from tests.policy.sound.edits import Edit, both, given, unknown
from tests.policy.sound.parts import Json, arn, trust
from tests.policy.sound.program import resources


def target(**changed: Json) -> Edit:
    return given("schedule", target={**resources()["schedule"].inputs["target"], **changed})  # type: ignore[dict-item]


CASES = (
    Case(
        "scheduler-dead-letter-queue",
        (target(deadLetterConfig=None), target(deadLetterConfig={"arn": arn("sqs", "late.fifo")})),
        (unknown("schedule", "target"),),
        (target(deadLetterConfig=UNKNOWN),),
    ),
    Case(
        "scheduler-retry",
        (
            target(retryPolicy=None),
            target(retryPolicy={"maximumEventAgeInSeconds": 86_400, "maximumRetryAttempts": 1}),
        ),
        (unknown("schedule", "target"),),
    ),
    Case(
        "scheduler-enabled",
        (
            given("schedule", state="DISABLED"),
            given("schedule", scheduleExpression="often"),
            given("schedule", flexibleTimeWindow=None),
        ),
        (unknown("schedule", "scheduleExpression"), unknown("schedule", "state")),
    ),
    Case(
        "scheduler-punctual",
        (
            given("schedule", scheduleExpression="rate(1 day)"),
            given("schedule", flexibleTimeWindow={"mode": "FLEXIBLE"}),
        ),
        (unknown("schedule", "scheduleExpression"),),
        parameters={"expressions": {"*-{stack}-turn": ["rate(1 minute)"]}},
    ),
    Case(
        "scheduler-target-permitted",
        (
            target(roleArn=None),
            given("turn-role", assumeRolePolicy=trust("lambda.amazonaws.com")),
            allows(
                "turn-policy", may("lambda:InvokeFunction", "arn:aws:lambda:x:1:function:other")
            ),
        ),
        (
            unknown("turn-policy", "policy"),
            unknown("turn-policy", "role"),
            unknown("turn-role", "assumeRolePolicy"),
            target(roleArn=UNKNOWN),
            both(elsewhere("turn-role"), allows("turn-policy", may("xray:PutTraceSegments"))),
        ),
        (elsewhere("turn-role"),),
    ),
    Case(
        "scheduler-target",
        (
            target(arn=arn("lambda", "function:nowhere")),
            target(arn="arn:aws:lambda:us-east-2:999999999999:function:shop-dev-clock"),
            target(input=None),
            target(input="{"),
        ),
        (unknown("schedule", "target"),),
        (target(input=UNKNOWN),),
    ),
)
