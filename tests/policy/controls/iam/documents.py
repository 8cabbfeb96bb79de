"""A policy says what IAM understands, and what its component was granted."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, lets, may
from tests.policy.controls.iam.policies import OPEN, QUEUE, grants, identity
from tests.policy.sound.edits import added, given, unknown
from tests.policy.sound.parts import GRANTS, arn, document, resource, statement

CASES = (
    identity("iam-action-exists", may("sqs:SendMassage", QUEUE), good=(may("unheardof:Thing"),)),
    identity(
        "iam-resource-fits",
        may("sqs:SendMessage", arn("sns", "x")),
        may("xray:PutTraceSegments", QUEUE),
        good=(may("logs:PutLogEvents", arn("logs", "log-group:/x:*")),),
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
            allows(
                "pay-policy-of-role",
                may("sqs:SendMessage", QUEUE, NullIfExists={"aws:SourceArn": "false"}),
            ),
            allows(
                "pay-policy-of-role",
                may("sqs:SendMessage", QUEUE, StringEquals={"aws:SourceAccount": ""}),
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
        holds=(
            allows(
                "pay-policy-of-role",
                may("s3:ListBucket", "arn:aws:s3:::x", StringLike={"s3:prefix": ["", "home/"]}),
            ),
            allows(
                "pay-policy-of-role",
                may("sqs:SendMessage", QUEUE, Null={"aws:SourceArn": "false"}),
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
)
