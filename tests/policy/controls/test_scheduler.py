import pytest

from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, may, rows
from tests.policy.sound import Edit, Json, arn, both, given, resources, trust, unknown


def target(**changed: Json) -> Edit:
    return given("schedule", target={**resources()["schedule"].inputs["target"], **changed})  # type: ignore[dict-item]


# A managed policy of another program: nobody here knows what is in it.
ELSEWHERE = given("turn-role", managedPolicyArns=["arn:aws:iam::111122223333:policy/theirs"])

CASES = (
    Case(
        "scheduler-dead-letter-queue",
        (target(deadLetterConfig=None),),
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
        parameters={"expressions": {"*-turn": ["rate(1 minute)"]}},
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
            both(ELSEWHERE, allows("turn-policy", may("xray:PutTraceSegments"))),
        ),
        (ELSEWHERE,),
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


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "holds"))
def test_holds_on_a_sound_program(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.holds
    assert verdicts.judged


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "violated"))
def test_is_violated(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.violations
    assert not verdicts.crashes


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "undecided"))
def test_is_undecided_and_says_what_is_not_known(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.undecided
    assert all(said.path for _, said in verdicts.undecided)
    assert not verdicts.violations
    assert not verdicts.crashes
