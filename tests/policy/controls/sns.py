"""Topics and their subscriptions."""

import json

from policy import tokens
from tests.policy.cases import Case, allows, lets, may
from tests.policy.sound.edits import Edit, added, both, given, gone, unknown
from tests.policy.sound.parts import Json, arn, document, from_topic, only, resource, tls
from tests.policy.sound.program import resources

FILTER = json.dumps({"kind": ["pay"]})
REST = json.dumps({"$or": [{"kind": [{"exists": False}]}, {"kind": [{"anything-but": ["pay"]}]}]})


def subscription(name: str, **inputs: Json) -> Edit:
    base = resources()["subscription"].inputs
    return added(resource(tokens.SUBSCRIPTION, name, **{**base, **inputs}))


def all_but(topic: str) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": "sns:Publish", "NotResource": topic}


def attached(policy: str, role: str) -> Edit:
    """A managed policy, by its name, on a role."""
    publish = document(may("sns:Publish", arn("sns", "shop-dev-tx.fifo")))
    policy_arn = arn("iam", f"policy/{policy}", regional=False)
    return added(
        resource(tokens.MANAGED_POLICY, "managed", name=policy, policy=publish),
        resource(tokens.ROLE_ATTACHMENT, "attachment", role=role, policyArn=policy_arn),
    )


CASES = (
    Case(
        "sns-encrypted",
        (given("tx", kmsMasterKeyId=None), given("tx", kmsMasterKeyId="")),
        (),
        (unknown("tx", "kmsMasterKeyId"),),
    ),
    Case(
        "sns-customer-key",
        (given("tx", kmsMasterKeyId="alias/aws/sns"), given("tx", kmsMasterKeyId=None)),
        (unknown("tx", "kmsMasterKeyId"),),
    ),
    Case(
        "sns-tls-only",
        (gone("tx-policy"), allows("tx-policy", {**tls("sns", "*"), "Action": "sns:Subscribe"})),
        (
            unknown("tx-policy", "policy"),
            unknown("tx-policy", "arn"),
        ),
    ),
    Case(
        "sns-not-public",
        (
            allows("tx-policy", lets("*", "sns:Publish")),
            allows("tx-policy", lets({"AWS": ["*"]}, "sns:Publish")),
        ),
        (unknown("tx-policy", "policy"),),
        (
            allows(
                "tx-policy", lets("*", "sns:Publish", StringEquals={"aws:PrincipalOrgID": "o-1"})
            ),
        ),
    ),
    Case(
        "sns-cross-account",
        (
            allows("tx-policy", lets({"AWS": "arn:aws:iam::999999999999:role/x"}, "sns:Publish")),
            allows(
                "tx-policy",
                lets("*", "sns:Publish", StringEquals={"aws:PrincipalAccount": "999999999999"}),
            ),
        ),
        (unknown("tx-policy", "policy"),),
    ),
    Case(
        "sns-no-star-action",
        (allows("tx-policy", lets({"AWS": "x"}, "sns:*")),),
        (unknown("tx-policy", "policy"),),
    ),
    Case(
        "sns-service-principal",
        (allows("tx-policy", lets({"Service": "events.amazonaws.com"}, "sns:Publish")),),
        (unknown("tx-policy", "policy"),),
    ),
    Case(
        "sns-publishers-named",
        (
            gone("tx-policy"),
            allows("tx-policy", tls("sns", "*")),
            allows(
                "tx-policy",
                {**tls("sns", "*"), "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}},
            ),
        ),
        (unknown("tx-policy", "policy"),),
    ),
    Case(
        "sns-subscription-redrive",
        (given("subscription", redrivePolicy=None),),
        (unknown("subscription", "redrivePolicy"), unknown("subscription", "protocol")),
        (given("subscription", redrivePolicy=None, protocol="email"),),
    ),
    Case(
        "sns-subscription-endpoint",
        (
            given("subscription", protocol="http"),
            given("subscription", protocol="pigeon"),
            given("subscription", endpoint="arn:aws:lambda:x:1:function:f"),
            given("subscription", endpoint="arn:aws:sqs:x:1:*"),
        ),
        (unknown("subscription", "endpoint"), unknown("subscription", "protocol")),
        (given("subscription", protocol="https", endpoint="https://example.com"),),
    ),
    Case(
        "sns-delivery-logging",
        (given("tx", sqsFailureFeedbackRoleArn=None),),
        (),
        base=(
            given("tx", sqsFailureFeedbackRoleArn="x"),
            given("alerts", sqsFailureFeedbackRoleArn="x"),
        ),
    ),
    Case("sns-tagged", (given("tx", tags=None), given("tx", tags={})), (unknown("tx", "tags"),)),
    Case(
        "sns-fifo-pairing",
        (
            given("tx", fifoTopic=None),
            given("pay", fifoQueue=None),
            given("subscription", protocol="lambda"),
        ),
        (unknown("tx", "fifoTopic"), unknown("subscription", "topic")),
    ),
    Case(
        "sns-raw-delivery",
        (
            given("subscription", rawMessageDelivery=None),
            given("subscription", rawMessageDelivery=False),
        ),
        (unknown("subscription", "rawMessageDelivery"),),
        (given("tx", fifoTopic=None, name="shop-dev-tx"),),
    ),
    Case(
        "sns-explicit-deduplication",
        (given("tx", contentBasedDeduplication=True),),
        (unknown("tx", "contentBasedDeduplication"),),
    ),
    Case(
        "sns-fifo-settings",
        (
            given("tx", fifoTopic=None),
            given("alerts", contentBasedDeduplication=False),
            given("tx", fifoThroughputScope="Moon"),
        ),
        (unknown("tx", "fifoTopic"), unknown("tx", "name")),
    ),
    Case(
        "sns-delivery-allowed",
        (
            gone("pay-policy"),
            given("pay", kmsMasterKeyId="alias/aws/sqs"),
            allows("pay-policy", only("x")),
            allows("delivery-policy", only("x")),
            allows(
                "pay-policy",
                {
                    **from_topic("shop-dev-pay.fifo"),
                    "Condition": {"ArnEquals": {"aws:SourceArn": arn("sns", "other")}},
                },
            ),
        ),
        (unknown("pay-policy", "policy"), unknown("subscription", "topic")),
    ),
    Case(
        "sns-senders-subscribed",
        (gone("subscription"), given("subscription", endpoint=arn("sqs", "other"))),
        (
            unknown("pay-policy", "policy"),
            unknown("subscription", "topic"),
        ),
    ),
    Case(
        "sns-unmatched-messages",
        (
            given("subscription", filterPolicy=FILTER),
            given("subscription", filterPolicy=json.dumps({"kind": [{"exists": False}]})),
        ),
        (unknown("subscription", "filterPolicy"),),
        (
            both(
                given("subscription", filterPolicy=FILTER), subscription("rest", filterPolicy=REST)
            ),
        ),
    ),
    Case(
        "sns-filter-overlap",
        (
            given("two", filterPolicy=FILTER),
            given("two", filterPolicy=FILTER),
            given("two", filterPolicy=None),
            given("two", filterPolicyScope="MessageBody"),
        ),
        (unknown("two", "filterPolicy"),),
        base=(
            given("subscription", filterPolicy=FILTER),
            subscription("two", filterPolicy=json.dumps({"kind": ["set"]})),
        ),
    ),
    Case(
        "sns-topic-publishers",
        (
            allows("pay-policy-of-role", may("sns:Publish", arn("sns", "shop-dev-tx.fifo"))),
            allows("tx-policy", lets({"AWS": arn("iam", "role/stranger")}, "sns:Publish")),
            allows("pay-policy-of-role", may("sns:Publish", arn("sns", "shop-dev-t*"))),
            allows("pay-policy-of-role", all_but(arn("sns", "other"))),
            attached("shop-dev-clock", "shop-dev-pay"),
        ),
        (unknown("pay-policy-of-role", "policy"),),
        (
            allows("clock-grants", may("sns:Publish", arn("sns", "shop-dev-tx.fifo"))),
            attached("anything", "shop-dev-clock"),
        ),
        base=(
            added(
                resource(
                    tokens.ROLE_POLICY, "pay-policy-of-role", role="shop-dev-pay", policy=document()
                )
            ),
        ),
        parameters={"publishers": {"{project}-*-tx.fifo": ["shop-dev-clock"]}},
    ),
)
