"""Nothing is granted by a wildcard where a name could stand."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, may
from tests.policy.controls.iam.policies import (
    MANAGED,
    OPEN,
    QUEUE,
    ROLE_POLICY,
    attached,
    identity,
    managed,
    ways,
)
from tests.policy.sound.edits import Edit, added, both, given, option
from tests.policy.sound.parts import STACK, arn, resource


def of_component(role: str) -> Edit:
    """The policy as the component's child, for this role."""
    parent = option("role-policy", parent=f"{STACK}shop:index:Worker::pay-worker")
    return both(parent, given("role-policy", role=role))


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
        "iam-no-star-resource",
        (allows("role-policy", may("sqs:SendMessage")),),
        # A component with harmless grants speaks for its own role, and for no other.
        (both(of_component("shop-dev-clockwork"), *OPEN), both(of_component("nobody"), *OPEN)),
        (both(of_component("shop-dev-pay"), *OPEN),),
        base=(ROLE_POLICY,),
    ),
    identity("iam-write-unconstrained", may("dynamodb:PutItem"), good=(may("dynamodb:GetItem"),)),
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
)
