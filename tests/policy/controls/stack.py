"""What holds of the whole program."""

from policy import tokens
from tests.policy.cases import Case, allows, lets, may
from tests.policy.sound.edits import added, both, given, gone, option, unknown
from tests.policy.sound.parts import ACCOUNT, REGION, Json, arn, from_topic, only, resource, tls

QUEUES = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"


def queue(name: str) -> Json:
    """The variables of a function that is told of a queue by its URL."""
    return {"variables": {"QUEUE_URL": f"{QUEUES}/{name}"}}


CASES = (
    Case(
        "stack-calls-pass",
        (
            allows("pay-policy", only("x")),
            allows("pay-grants", may("SQS:sendMessage", arn("sqs", "shop-dev-pay.fifo"))),
            allows("dlq-policy", only("x")),
            allows("alerts-policy", tls("sns", "*")),
            allows(
                "pay-policy",
                from_topic("x"),
                {
                    **only("x"),
                    "Action": "sqs:*",
                    "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "x"}},
                },
            ),
        ),
        (unknown("pay-policy", "policy"),),
    ),
    Case(
        "stack-sources-named",
        (
            allows(
                "pay-policy",
                lets({"Service": "sns.amazonaws.com"}, StringEquals={"aws:SourceAccount": ACCOUNT}),
            ),
            allows(
                "pay-policy",
                lets(
                    {"Service": "sns.us-east-2.amazonaws.com"},
                    StringEquals={"aws:SourceAccount": ACCOUNT},
                ),
            ),
            allows(
                "pay-policy",
                lets({"Service": "sns.amazonaws.com"}, ArnLike={"aws:SourceArn": arn("sns", "*")}),
            ),
        ),
        (unknown("pay-policy", "policy"),),
    ),
    Case(
        "stack-policy-actions",
        (
            allows("pay-policy", lets({"AWS": "x"}, "sqs:SendMassage")),
            allows("pay-policy", {**tls("sqs", "*"), "Condition": {}}),
        ),
        (unknown("pay-policy", "policy"),),
    ),
    Case(
        "stack-expected-inputs",
        (
            gone("age"),
            given("age", threshold=7),
            given("age", alarmActions=[]),
            gone("pay-errors"),
            given("pay-errors", dimensions={"FunctionName": "shop-dev-clock"}),
            given("lost-depth", period=600),
        ),
        (unknown("age", "threshold"), unknown("pay-errors", "dimensions")),
        parameters={
            "resources": {
                f"{tokens.ALARM} shop-{{stack}}-age *-depth": {
                    "threshold": 0,
                    "period": [60, 300],
                    "alarmActions.0": "arn:aws:sns:{region}:{account}:shop-{stack}-alerts",
                },
                f"{tokens.ALARM} {{project}}-{{stack}}-{{worker}}-errors": {
                    "dimensions.FunctionName": "{project}-{stack}-{worker}",
                },
            }
        },
    ),
    Case(
        "stack-reference-exists",
        (
            gone("dlq"),
            gone("alias"),
            gone("group"),
            given("mapping", functionName="nowhere"),
            given("pay-policy-of-role", role="nobody"),
            given("subscription", endpoint=arn("sqs", "*")),
            given("pay-function", environment=queue("shop-dev-{service}-letters.fifo")),
        ),
        (),
        (
            given("mapping", functionName="theirs-x"),
            given("pay-function", environment=queue("shop-dev-{service}.fifo")),
            unknown("mapping", "functionName"),
            added(resource("shop:index:Readers", "readers", queues=[arn("sqs", "shop-dev-*")])),
        ),
        base=(added(resource(tokens.ROLE_POLICY, "pay-policy-of-role", role="shop-dev-pay")),),
        parameters={"outside": ["theirs-*"]},
    ),
    Case(
        "stack-own-account",
        (
            given("mapping", eventSourceArn="arn:aws:sqs:us-east-2:999999999999:q"),
            given("mapping", eventSourceArn="arn:aws:sqs:eu-west-1:111122223333:q"),
            given("mapping", eventSourceArn="arn:aws:kinesis:us-east-2:999999999999:stream/s"),
        ),
        (),
        (
            given("mapping", eventSourceArn="arn:aws:sqs:us-east-2:222222222222:q"),
            given("mapping", eventSourceArn="arn:aws:kinesis:us-east-2:222222222222:stream/s"),
            given("subscription", endpoint="arn:aws:iam::999999999999:user/anna"),
        ),
        parameters={"accounts": ["222222222222"]},
    ),
    Case(
        "stack-protected",
        (
            option("pay", protect=False),
            option("ledger", protect=False),
            option("subscription", protect=False),
        ),
        (),
        (
            option("pay", protect=None),
            both(option("subscription", protect=False), given("subscription", protocol="email")),
        ),
        parameters={"wiring": True},
    ),
    Case("stack-explicit-names", (given("pay", name=None),), (unknown("pay", "name"),)),
    Case(
        "stack-name-prefix",
        (given("pay", name="other.fifo"),),
        (unknown("pay", "name"),),
        (given("pay", name=None),),
        parameters={"pattern": "{project}-{stack}"},
    ),
)
