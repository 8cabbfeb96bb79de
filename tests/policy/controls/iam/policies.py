"""Policies of roles, and the ways in which a role comes to one."""

from typing import Any

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, may
from tests.policy.sound.edits import Edit, added, both, given, option, unknown
from tests.policy.sound.parts import STACK, Json, arn, document, resource

QUEUE = arn("sqs", "shop-dev-pay.fifo")
OPEN = (unknown("role-policy", "policy"),)
ROLE_POLICY = added(
    resource(
        tokens.ROLE_POLICY,
        "role-policy",
        name="more",
        role="shop-dev-pay",
        policy=document(may("sqs:SendMessage", QUEUE)),
    )
)


MANAGED = arn("iam", "policy/more", regional=False)


def managed(name: str, *statements: dict[str, Any]) -> Edit:
    return added(
        resource(tokens.MANAGED_POLICY, name, name=name, policy=document(*statements)),
    )


def ways(policy: str) -> tuple[Edit, ...]:
    """Every way in which a managed policy comes to a role, with its ARN known and not."""
    made_from = {"edges": {"policyArn": (f"{STACK}{tokens.MANAGED_POLICY}::more",)}}
    return (
        attached(policy),
        both(attached(UNKNOWN), option("attached", **made_from)),
        given("pay-role", managedPolicyArns=[policy]),
        added(resource(tokens.ATTACHMENT, "a", roles=["shop-dev-pay"], policyArn=policy, users=[])),
        added(
            resource(
                tokens.EXCLUSIVE_ATTACHMENTS, "e", roleName="shop-dev-pay", policyArns=[policy]
            )
        ),
    )


def attached(policy: Json) -> Edit:
    return added(
        resource(tokens.ROLE_ATTACHMENT, "attached", role="shop-dev-pay", policyArn=policy)
    )


def grants(*entries: dict[str, Any]) -> Edit:
    return given("pay-worker", grants=list(entries))


def identity(control: str, *bad: dict[str, Any], good: tuple[dict[str, Any], ...] = ()) -> Case:
    """A control of every identity's statements: in a role's policy and in a component's grants."""
    first = bad[0]
    said = grants({"actions": [first["Action"]], "resources": [first.get("Resource", "*")]})
    broken = tuple(allows("role-policy", item) for item in bad)
    sound_ones = tuple(allows("role-policy", item) for item in good)
    component = () if "NotAction" in first else (said,)
    return Case(control, (*broken, *component), OPEN, sound_ones, base=(ROLE_POLICY,))
