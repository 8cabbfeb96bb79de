"""Each role has its own policy, and is used."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, may
from tests.policy.controls.iam.policies import MANAGED, QUEUE, ROLE_POLICY, attached, managed, ways
from tests.policy.sound.edits import added, both, given, gone, unknown
from tests.policy.sound.parts import resource

CASES = (
    Case(
        "iam-role-has-policy",
        (gone("pay-grants"),),
        holds=tuple(both(gone("pay-grants"), way) for way in ways(MANAGED)),
        base=(managed("more", may("sqs:SendMessage", QUEUE)),),
    ),
    Case(
        "iam-no-aws-managed",
        (
            given("pay-role", managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
            *ways("arn:aws:iam::aws:policy/X")[2:],
            attached("arn:aws:iam::aws:policy/X"),
            added(resource(tokens.USER_ATTACHMENT, "u", policyArn="arn:aws:iam::aws:policy/X")),
        ),
        (given("pay-role", managedPolicyArns=UNKNOWN),),
        (added(resource(tokens.ROLE_ATTACHMENT, "a", role="shop-dev-pay", policyArn=UNKNOWN)),),
    ),
    Case(
        "iam-no-inline",
        (
            added(resource(tokens.ROLE_POLICY, "p", role="x")),
            given("pay-role", inlinePolicies=[{"policy": "{}"}]),
        ),
        (),
        base=(gone("pay-grants", "clock-grants", "turn-policy"),),
    ),
    Case(
        "iam-policy-conflict",
        (
            given("pay-role", inlinePolicies=[{"policy": "{}"}]),
            added(resource(tokens.ROLE_POLICY, "twin", name="grants", role="shop-dev-pay")),
        ),
        (),
    ),
    Case(
        "iam-boundary",
        (
            given("pay-role", permissionsBoundary=None),
            given("pay-role", permissionsBoundary="arn:aws:iam::1:policy/other"),
        ),
        (),
        (unknown("pay-role", "permissionsBoundary"),),
        base=tuple(
            given(name, permissionsBoundary="arn:aws:iam::1:policy/b")
            for name in ("pay-role", "clock-role", "turn-role")
        ),
    ),
    Case(
        "iam-policy-attached",
        (given("role-policy", role=None), given("role-policy", role="nobody")),
        (unknown("role-policy", "role"),),
        base=(ROLE_POLICY,),
    ),
    Case(
        "iam-role-used",
        (gone("schedule"), given("pay-function", role="x")),
        (unknown("turn-role", "assumeRolePolicy"),),
    ),
    Case("iam-role-has-policy", (gone("turn-policy"),), (unknown("pay-grants", "role"),)),
)
