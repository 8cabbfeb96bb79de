"""Its queues and topics."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.sound.parts import (
    ACCOUNT,
    STACK,
    TAGS,
    arn,
    document,
    from_topic,
    only,
    queue,
    resource,
    tls,
)


def queues() -> list[Resource]:
    def policy(name: str, physical: str, *statements: Mapping[str, Any]) -> Resource:
        made = resource(tokens.QUEUE_POLICY, f"{name}-policy", queueUrl=UNKNOWN)
        found = document(tls("sqs", arn("sqs", physical)), *statements)
        inputs = {**made.inputs, "policy": found}
        return replace(made, inputs=inputs, edges={"queueUrl": (f"{STACK}{tokens.QUEUE}::{name}",)})

    dlq, delivery, pay = "shop-dev-pay-dlq.fifo", "shop-dev-pay-delivery.fifo", "shop-dev-pay.fifo"
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn("sqs", pay)]})
    redrive = json.dumps({"deadLetterTargetArn": arn("sqs", dlq), "maxReceiveCount": 10})
    return [
        queue("pay", pay, redrivePolicy=redrive),
        queue("dlq", dlq, redriveAllowPolicy=allow),
        queue("delivery", delivery),
        queue("lost", "shop-dev-lost"),
        policy("pay", pay, from_topic(pay), only(pay)),
        policy("dlq", dlq, only(dlq, "shop-dev-pay")),
        policy("delivery", delivery, from_topic(delivery), only(delivery)),
        policy(
            "lost", "shop-dev-lost", only("shop-dev-lost", "shop-dev-clock", "shop-dev-clockwork")
        ),
    ]


def topics() -> list[Resource]:
    tx, alerts = arn("sns", "shop-dev-tx.fifo"), arn("sns", "shop-dev-alerts")
    publishers = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": tx,
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }
    alarms = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": alerts,
        "Condition": {"ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:shop-dev-*")}},
    }
    nobody = {
        **publishers,
        "Resource": alerts,
        "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    }
    key = "alias/shop-dev"
    return [
        resource(
            tokens.TOPIC,
            "tx",
            name="shop-dev-tx.fifo",
            fifoTopic=True,
            kmsMasterKeyId=key,
            tags=TAGS,
        ),
        resource(tokens.TOPIC, "alerts", name="shop-dev-alerts", kmsMasterKeyId=key, tags=TAGS),
        resource(
            tokens.TOPIC_POLICY, "tx-policy", arn=tx, policy=document(tls("sns", tx), publishers)
        ),
        resource(
            tokens.TOPIC_POLICY,
            "alerts-policy",
            arn=alerts,
            policy=document(tls("sns", alerts), alarms, nobody),
        ),
        resource(
            tokens.SUBSCRIPTION,
            "subscription",
            topic=tx,
            protocol="sqs",
            endpoint=arn("sqs", "shop-dev-pay.fifo"),
            rawMessageDelivery=True,
            redrivePolicy=json.dumps(
                {"deadLetterTargetArn": arn("sqs", "shop-dev-pay-delivery.fifo")}
            ),
        ),
    ]
