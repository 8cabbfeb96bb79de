"""Event source mappings."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, elsewhere, may
from tests.policy.sound.edits import added, both, given, gone, option, unknown
from tests.policy.sound.functions import told
from tests.policy.sound.parts import arn, document, resource
from tests.policy.sound.program import resources

CASES = (
    Case(
        "lambda-partial-batch",
        (given("mapping", functionResponseTypes=None), given("mapping", functionResponseTypes=[])),
        (unknown("mapping", "functionResponseTypes"), unknown("mapping", "eventSourceArn")),
    ),
    Case(
        "lambda-mapping-concurrency",
        (
            given("mapping", scalingConfig=None),
            given("mapping", scalingConfig={"maximumConcurrency": 1}),
            given("mapping", scalingConfig={"maximumConcurrency": 5000}),
        ),
        (unknown("mapping", "scalingConfig"),),
    ),
    Case(
        "lambda-mapping-permitted",
        (
            allows(
                "pay-policy-of-role", may("sqs:ReceiveMessage", arn("sqs", "shop-dev-pay.fifo"))
            ),
            allows("pay-policy-of-role", may("sqs:ReceiveMessage", arn("sqs", "other"))),
        ),
        (
            unknown("pay-policy-of-role", "policy"),
            both(
                elsewhere("pay-role"), allows("pay-policy-of-role", may("sqs:DeleteMessage", "*"))
            ),
        ),
        (
            elsewhere("pay-role"),
            both(
                given("mapping", eventSourceArn=UNKNOWN),
                option("mapping", edges={"eventSourceArn": (resources()["pay"].urn,)}),
            ),
        ),
        base=(
            gone("pay-grants"),
            added(
                resource(
                    tokens.ROLE_POLICY,
                    "pay-policy-of-role",
                    role="shop-dev-pay",
                    policy=document(
                        {
                            **may("sqs:ReceiveMessage", arn("sqs", "shop-dev-pay.fifo")),
                            "Action": [
                                "sqs:ReceiveMessage",
                                "sqs:DeleteMessage",
                                "sqs:GetQueueAttributes",
                            ],
                        }
                    ),
                )
            ),
        ),
    ),
    Case(
        "lambda-mapping-managed",
        (
            given("clock-function", environment=told("shop-dev-{service}")),
            given("clock-function", environment=told("shop-dev-{service}", "ship")),
            given("clock-function", environment=told("shop-{service}", "pay")),
            given("clock-function", environment=told("shop-dev-service", "pay")),
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": "{}"}}),
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": "[pay"}}),
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": UNKNOWN}}),
        ),
        (unknown("mapping", "functionName"),),
        (
            given("clock-function", environment=told("shop-dev-{service}", "ship", "pay")),
            option(
                "clock-function",
                inputs={
                    **resources()["clock-function"].inputs,
                    "environment": {"variables": {"MANAGED_FUNCTIONS": UNKNOWN}},
                },
                edges={"environment": (resources()["mapping"].urn,)},
            ),
        ),
    ),
    Case(
        "lambda-mapping-enabled",
        (given("mapping", enabled=False),),
        (unknown("mapping", "enabled"),),
        (given("mapping", enabled=True),),
    ),
    Case(
        "lambda-mapping-source",
        (
            given("mapping", eventSourceArn=None),
            given("mapping", eventSourceArn="arn:aws:sqs:x:1:*"),
            given("mapping", functionName=None),
        ),
        (unknown("mapping", "eventSourceArn"), unknown("mapping", "functionName")),
    ),
)
