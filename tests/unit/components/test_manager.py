import json

from components.rules import PROBE_MARGIN
from handlers.subscription_manager.app import RESERVE
from handlers.subscription_manager.probing import MARGIN
from tests.unit.components.harness import SERVICES, Graph, document

PREFIX = "utility-customer-system-dev"
FUNCTION = f"arn:aws:lambda:us-east-2:210987654321:function:{PREFIX}-subscription-manager"
DEAD_LETTERS = f"arn:aws:sqs:us-east-2:210987654321:{PREFIX}-subscription-manager-dlq"
CONTROL = f"arn:aws:sns:us-east-2:210987654321:{PREFIX}-subscription-control"


def test_a_schedule_lets_the_manager_reconcile_every_minute(dev: Graph) -> None:
    inputs = dev.one("Schedule", "subscription-manager-schedule").inputs
    assert inputs["name"] == f"{PREFIX}-reconcile"
    assert inputs["groupName"] == PREFIX
    assert inputs["scheduleExpression"] == "rate(1 minute)"
    assert inputs["flexibleTimeWindow"] == {"mode": "OFF"}
    assert inputs["target"]["arn"] == FUNCTION
    assert json.loads(inputs["target"]["input"]) == {"action": "reconcile"}


def test_an_invocation_that_fails_is_kept_and_not_long_repeated(dev: Graph) -> None:
    target = dev.one("Schedule", "subscription-manager-schedule").inputs["target"]
    assert target["deadLetterConfig"] == {"arn": DEAD_LETTERS}
    assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1}
    asynchronous = dev.one("FunctionEventInvokeConfig", "subscription-manager-async").inputs
    assert asynchronous["destinationConfig"] == {"onFailure": {"destination": DEAD_LETTERS}}
    assert asynchronous["maximumEventAgeInSeconds"] == 900


def test_the_schedules_role_is_for_schedules_of_its_own_group(dev: Graph) -> None:
    (trust,) = document(
        dev.one("Role", "subscription-manager-schedule-role").inputs["assumeRolePolicy"]
    )
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "210987654321",
        "aws:SourceArn": f"arn:aws:scheduler:us-east-2:210987654321:schedule-group/{PREFIX}",
    }


def test_the_schedules_role_invokes_the_manager_and_nothing_else(dev: Graph) -> None:
    policy = dev.one("RolePolicy", "subscription-manager-schedule-policy").inputs["policy"]
    invoked = [s["Resource"] for s in document(policy) if "lambda:InvokeFunction" in s["Action"]]
    assert invoked == [[FUNCTION]]


def test_by_the_functions_own_policy_the_control_topic_alone_invokes_the_manager(
    any_stack: Graph,
) -> None:
    (permission,) = any_stack.all("Permission")
    assert permission.inputs["principal"] == "sns.amazonaws.com"
    topic = permission.inputs["sourceArn"]
    assert topic.startswith("arn:aws:sns:us-east-2:")
    assert topic.endswith("-subscription-control")


def test_the_manager_touches_the_mappings_of_the_workers_only(dev: Graph) -> None:
    policy = dev.one("RolePolicy", "subscription-manager-policy").inputs["policy"]
    (mappings,) = [s for s in document(policy) if "lambda:UpdateEventSourceMapping" in s["Action"]]
    base = "arn:aws:lambda:us-east-2:210987654321"
    assert mappings["Resource"] == [f"{base}:event-source-mapping:*"]
    assert mappings["Condition"] == {
        "ArnEquals": {
            "lambda:FunctionArn": [f"{base}:function:{PREFIX}-{name}" for name in SERVICES]
        }
    }


def test_nobody_but_the_manager_changes_mappings(any_stack: Graph) -> None:
    for policy in any_stack.all("RolePolicy"):
        touches = "UpdateEventSourceMapping" in policy.inputs["policy"]
        assert touches == (policy.name == "subscription-manager-policy")


def test_the_least_timeout_that_the_manager_may_have_is_enough_for_a_probe() -> None:
    """It begins none that it could not wait for: an open circuit would never close by itself."""
    assert MARGIN + RESERVE < PROBE_MARGIN


def test_the_dead_letters_take_from_the_control_topic_the_manager_and_the_schedule(
    dev: Graph,
) -> None:
    policy = dev.one("QueuePolicy", "subscription-manager-dlq-policy").inputs["policy"]
    by_sid = {s["Sid"]: s for s in document(policy)}
    assert by_sid["AllowTopic"]["Condition"]["ArnEquals"] == {"aws:SourceArn": CONTROL}
    role = f"arn:aws:iam::210987654321:role/{PREFIX}"
    senders = by_sid["DenyOtherSenders"]["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert senders == [f"{role}-subscription-manager", f"{role}-reconcile"]
