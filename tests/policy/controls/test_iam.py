from typing import Any

import pytest

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, lets, may, rows
from tests.policy.sound import (
    GRANTS,
    STACK,
    Edit,
    Json,
    added,
    arn,
    both,
    document,
    given,
    gone,
    option,
    resource,
    statement,
    trust,
    unknown,
)

QUEUE = arn("sqs", "shop-dev-pay.fifo")
SAML = arn("iam", "saml-provider/ours", regional=False)
GITLAB = arn("iam", "oidc-provider/gitlab.com", regional=False)
GITHUB = arn("iam", "oidc-provider/token.actions.githubusercontent.com", regional=False)
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


def of_component(role: str) -> Edit:
    """The policy as the component's child, for this role."""
    parent = option("role-policy", parent=f"{STACK}shop:index:Worker::pay-worker")
    return both(parent, given("role-policy", role=role))


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


def passes(roles: str = "*", *, to: str) -> dict[str, Any]:
    return may("iam:PassRole", roles, StringEquals={"iam:PassedToService": to})


def makes_functions(passing: dict[str, Any]) -> Edit:
    making = (may("lambda:CreateFunction"), may("lambda:InvokeFunction"))
    return allows("role-policy", passing, *making)


def grants(*entries: dict[str, Any]) -> Edit:
    return given("pay-worker", grants=list(entries))


def trusts(principal: Json, action: str = "sts:AssumeRole", **condition: Json) -> Edit:
    found = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}
    return given("pay-role", assumeRolePolicy=document(found))


def github(subject: str | list[str], audience: str = "sts.amazonaws.com") -> Edit:
    keys = {
        "token.actions.githubusercontent.com:sub": subject,
        "token.actions.githubusercontent.com:aud": audience,
    }
    return trusts({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", StringLike=keys)


def identity(control: str, *bad: dict[str, Any], good: tuple[dict[str, Any], ...] = ()) -> Case:
    """A control of every identity's statements: in a role's policy and in a component's grants."""
    first = bad[0]
    said = grants({"actions": [first["Action"]], "resources": [first.get("Resource", "*")]})
    broken = tuple(allows("role-policy", item) for item in bad)
    sound_ones = tuple(allows("role-policy", item) for item in good)
    component = () if "NotAction" in first else (said,)
    return Case(control, (*broken, *component), OPEN, sound_ones, base=(ROLE_POLICY,))


ALL_KEYS = arn("kms", "key/*")
CASES = (
    identity("iam-no-admin", may("*")),
    identity(
        "iam-no-star-action",
        may("*", QUEUE),
        may("**", QUEUE),
        may("*:*", QUEUE),
        may("*:SendMessage", QUEUE),
        may("s?s:SendMessage", QUEUE),
    ),
    identity(
        "iam-no-service-star", may("sqs:*", QUEUE), may("SQS:**", QUEUE), may("sqs:?*", QUEUE)
    ),
    identity("iam-no-partial-wildcard", may("sqs:Get*", QUEUE), may("sqs:Receiv?Message", QUEUE)),
    identity(
        "iam-no-star-resource",
        may("sqs:SendMessage"),
        may("SQS:sendmessage"),
        may("*:SendMessage"),
        may("sqs:SendMessage", arn("sqs", "*")),
        may("sqs:SendMessage", arn("sqs", "**")),
        may("sqs:SendMessage", "arn:aws:*"),
        may("sqs:SendMessage", "arn:aws:sqs:*"),
        may("dynamodb:PutItem", arn("dynamodb", "tab*")),
        may("kms:CreateAlias", arn("kms", "key/????????-*")),
        may(
            "kms:Decrypt",
            arn("kms", "key/*"),
            **{"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}},
        ),
        may("kms:Decrypt", arn("kms", "key/*"), StringLike={"aws:ResourceTag/Project": "?*"}),
        good=(
            may("sqs:SendMessage", arn("sqs", "shop-*")),
            may("kms:Decrypt", arn("kms", "key/1234abcd-*")),
            may("xray:PutTraceSegments"),
            may("cloudwatch:PutMetricData"),
            may(
                "lambda:UpdateEventSourceMapping",
                arn("lambda", "event-source-mapping:*"),
                ArnEquals={"lambda:FunctionArn": "arn:aws:lambda:x:1:function:f"},
            ),
            may(
                "dynamodb:PutItem",
                "*",
                **{
                    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "pay#*"},
                    "Null": {"dynamodb:LeadingKeys": "false"},
                },
            ),
        ),
    ),
    Case(
        "iam-no-star-resource",
        (
            *ways(MANAGED),
            added(resource(tokens.USER_ATTACHMENT, "u", user="anna", policyArn=MANAGED)),
            added(resource(tokens.GROUP_ATTACHMENT, "g", group="all", policyArn=MANAGED)),
            both(attached(UNKNOWN)),
        ),
        base=(
            managed("more", may("sqs:SendMessage")),
            given("pay-role", permissionsBoundary=MANAGED),
        ),
    ),
    Case(
        "iam-privilege-escalation",
        ways(MANAGED),
        base=(
            managed("more", may("lambda:InvokeFunction")),
            ROLE_POLICY,
            allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
        ),
    ),
    Case(
        "iam-role-has-policy",
        (gone("pay-grants"),),
        holds=tuple(both(gone("pay-grants"), way) for way in ways(MANAGED)),
        base=(managed("more", may("sqs:SendMessage", QUEUE)),),
    ),
    Case(
        "iam-no-star-resource",
        (allows("role-policy", may("sqs:SendMessage")),),
        # A component with harmless grants speaks for its own role, and for no other.
        (both(of_component("shop-dev-clockwork"), *OPEN), both(of_component("nobody"), *OPEN)),
        (both(of_component("shop-dev-pay"), *OPEN),),
        base=(ROLE_POLICY,),
    ),
    identity("iam-write-unconstrained", may("dynamodb:PutItem"), good=(may("dynamodb:GetItem"),)),
    identity(
        "iam-permissions-management",
        may("iam:PutRolePolicy", arn("iam", "role/x")),
        may(
            "iam:PutRolePolicy",
            arn("iam", "role/x"),
            StringLike={"iam:PermissionsBoundary": arn("iam", "policy/*")},
        ),
        good=(
            may(
                "iam:PutRolePolicy",
                arn("iam", "role/x"),
                StringEquals={"iam:PermissionsBoundary": arn("iam", "policy/most")},
            ),
        ),
    ),
    identity(
        "iam-credentials-exposure",
        may("sts:AssumeRole"),
        good=(may("sts:AssumeRole", arn("iam", "role/x")),),
    ),
    identity(
        "iam-data-exfiltration",
        may("secretsmanager:GetSecretValue"),
        may("s3:GetObject", "*"),
        may("s3:GetObject", "arn:aws:s3:::*/*"),
        may("dynamodb:Query", arn("dynamodb", "table/*/index/*")),
        may("logs:GetLogEvents", arn("logs", "log-group:*:*")),
        good=(
            may("sqs:ReceiveMessage", QUEUE),
            may("s3:GetObject", "arn:aws:s3:::uploads/*"),
            may("dynamodb:Query", arn("dynamodb", "table/orders/index/*")),
            may("logs:GetLogEvents", arn("logs", "log-group:orders:*")),
        ),
    ),
    identity(
        "iam-pass-role",
        may("iam:PassRole"),
        may("iam:PassRole", arn("iam", "role/x")),
        may(
            "iam:PassRole",
            arn("iam", "role/x"),
            StringLike={"iam:PassedToService": "*.amazonaws.com"},
        ),
        may(
            "iam:PassRole",
            arn("iam", "role/**"),
            StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
        ),
        good=(
            may(
                "iam:PassRole",
                arn("iam", "role/x"),
                StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
            ),
        ),
    ),
    identity(
        "iam-decrypt-named-keys",
        may("kms:Decrypt", ALL_KEYS),
        good=(
            may("kms:Decrypt", ALL_KEYS, StringEquals={"kms:ResourceAliases": "alias/x"}),
            may("kms:Decrypt", arn("kms", "key/1234")),
        ),
    ),
    identity(
        "iam-key-via-service",
        may("kms:Decrypt", arn("kms", "key/1")),
        good=(
            may(
                "kms:Decrypt",
                arn("kms", "key/1"),
                StringEquals={"kms:ViaService": "sqs.x.amazonaws.com"},
            ),
            may(
                "kms:Decrypt",
                arn("kms", "key/1"),
                StringLike={"kms:ViaService": "sqs.*.amazonaws.com"},
            ),
        ),
    ),
    identity("iam-action-exists", may("sqs:SendMassage", QUEUE), good=(may("unheardof:Thing"),)),
    identity(
        "iam-resource-fits",
        may("sqs:SendMessage", arn("sns", "x")),
        may("xray:PutTraceSegments", QUEUE),
        good=(may("logs:PutLogEvents", arn("logs", "log-group:/x:*")),),
    ),
    Case(
        "iam-no-not-action",
        (
            allows("role-policy", {"Effect": "Allow", "NotAction": "iam:*", "Resource": QUEUE}),
            allows(
                "role-policy",
                {"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": QUEUE},
            ),
        ),
        OPEN,
        base=(ROLE_POLICY,),
    ),
    Case(
        "iam-privilege-escalation",
        (
            allows("role-policy", may("iam:CreatePolicyVersion")),
            allows(
                "role-policy",
                may("iam:PassRole"),
                may("lambda:CreateFunction"),
                may("lambda:InvokeFunction"),
            ),
            both(
                allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
                allows("pay-grants", may("lambda:InvokeFunction")),
            ),
            makes_functions(passes(to="lambda.amazonaws.com")),
            makes_functions(may("iam:PassRole", arn("iam", "role/deployed-*"))),
        ),
        OPEN,
        (
            makes_functions(passes(arn("iam", "role/deployed-*"), to="lambda.amazonaws.com")),
            makes_functions(passes(to="states.amazonaws.com")),
            allows("role-policy", may("iam:PassRole"), may("lambda:GetFunction")),
            both(
                allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
                allows("clock-grants", may("lambda:InvokeFunction")),
            ),
        ),
        base=(ROLE_POLICY,),
    ),
    Case(
        "iam-read-and-send-out",
        (
            allows(
                "role-policy",
                may("sqs:ReceiveMessage", QUEUE),
                may("sns:Publish", "arn:aws:sns:us-east-2:999999999999:x"),
            ),
            allows("role-policy", may("sns:Publish", "arn:aws:sns:us-east-2:999999999999:x")),
        ),
        OPEN,
        (
            allows(
                "role-policy", may("sqs:ReceiveMessage", QUEUE), may("sns:Publish", arn("sns", "x"))
            ),
        ),
        base=(ROLE_POLICY,),
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
        "iam-trust",
        (
            trusts("*"),
            trusts({"AWS": arn("iam", "root", regional=False)}),
            trusts({"AWS": "arn:aws:iam::999999999999:role/x"}),
            trusts({"Service": "lambda.amazonaws.com"}, "sts:*"),
            trusts({"Federated": SAML}, "sts:AssumeRoleWithSAML"),
            trusts(
                {"Federated": GITLAB},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={"gitlab.com:aud": "sts.amazonaws.com"},
            ),
        ),
        (unknown("pay-role", "assumeRolePolicy"),),
        (
            trusts({"AWS": arn("iam", "role/x", regional=False)}),
            trusts(
                {"Federated": SAML},
                "sts:AssumeRoleWithSAML",
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            ),
            trusts(
                {"Federated": GITLAB},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={"gitlab.com:sub": "project_path:me/it:ref_type:branch:ref:main"},
            ),
        ),
    ),
    Case(
        "iam-trust-service",
        (
            given("turn-role", assumeRolePolicy=trust("scheduler.amazonaws.com")),
            given("turn-role", assumeRolePolicy=trust("states.us-east-2.amazonaws.com")),
            given(
                "turn-role",
                assumeRolePolicy=trust(
                    "scheduler.amazonaws.com",
                    StringEquals={
                        "aws:SourceAccount": "999999999999",
                        "aws:SourceArn": arn("scheduler", "schedule-group/x"),
                    },
                ),
            ),
        ),
        (unknown("turn-role", "assumeRolePolicy"),),
    ),
    Case(
        "iam-oidc-subject",
        (
            github("repo:me/it:*"),
            github("repo:me/*:ref:refs/heads/main"),
            github("*"),
            github("repo:me/it:pull_request"),
            github("repo:me/it:ref:refs/heads/main", "*"),
        ),
        (unknown("pay-role", "assumeRolePolicy"),),
        (github("repo:me/it:ref:refs/heads/main"), github(["repo:me/it:environment:prod"])),
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
        "iam-document-valid",
        (
            given("pay-policy-of-role", policy="{"),
            given("pay-policy-of-role", policy='{"Version": "2008-10-17", "Statement": []}'),
            allows(
                "pay-policy-of-role",
                {"Effect": "Maybe", "Action": "sqs:SendMessage", "Resource": "*"},
            ),
            allows("pay-policy-of-role", {**may("sqs:SendMessage", QUEUE), "Principal": "*"}),
            allows(
                "pay-policy-of-role", may("sqs:SendMessage", QUEUE, StringLikely={"aws:x": "y"})
            ),
            allows("dlq-policy", may("sqs:SendMessage")),
            given("pay-role", inlinePolicies=[{"name": "more", "policy": "{"}]),
            added(resource(tokens.USER_POLICY, "anna", policy=document(lets("*")))),
        ),
        (
            unknown("pay-policy-of-role", "policy"),
            unknown("pay-role", "assumeRolePolicy"),
            unknown("pay-role", "inlinePolicies"),
            given("pay-role", inlinePolicies=[{"name": "more", "policy": UNKNOWN}]),
        ),
        base=(
            added(
                resource(
                    tokens.ROLE_POLICY,
                    "pay-policy-of-role",
                    role="shop-dev-pay",
                    policy=document(may("sqs:SendMessage", QUEUE)),
                )
            ),
        ),
    ),
    Case(
        "iam-grants-match",
        (
            allows("role-policy", may("sqs:SendMessage", QUEUE)),
            grants({"actions": ["sqs:SendMessage"], "resources": [QUEUE]}),
        ),
        OPEN,
        base=(
            added(
                resource(
                    tokens.ROLE_POLICY,
                    "role-policy",
                    role="shop-dev-pay",
                    policy=document(*map(statement, GRANTS)),
                )
            ),
        ),
    ),
    Case(
        "iam-grants-visible", (given("pay-worker", grants=None), given("pay-worker", grants=[])), ()
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
