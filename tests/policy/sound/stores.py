"""Its key, table and secret, and the alarms on all of it."""

from collections.abc import Mapping
from dataclasses import replace

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.sound.parts import ACCOUNT, REGION, STACK, TAGS, Json, arn, document, resource


def alarm(name: str, metric: str, namespace: str, dimension: Mapping[str, str]) -> Resource:
    return resource(
        tokens.ALARM,
        name,
        name=f"shop-dev-{name}",
        namespace=namespace,
        metricName=metric,
        dimensions=dict(dimension),
        comparisonOperator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluationPeriods=1,
        statistic="Maximum",
        treatMissingData="notBreaching",
        alarmActions=[arn("sns", "shop-dev-alerts")],
    )


def stores() -> list[Resource]:
    def user(service: str, actions: list[str], **condition: Json) -> dict[str, Json]:
        principal = {"Service": service}
        return {
            "Effect": "Allow",
            "Principal": principal,
            "Action": actions,
            "Resource": "*",
            "Condition": condition,
        }

    account = {"aws:SourceAccount": ACCOUNT}
    logs = {"kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:/aws/lambda/shop-dev-*")}
    send = ["kms:Decrypt", "kms:GenerateDataKey"]
    encrypt = ["kms:Encrypt", "kms:DescribeKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": arn("iam", "root", regional=False)},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = document(
        root,
        user("sns.amazonaws.com", send, StringEquals=account),
        user("cloudwatch.amazonaws.com", send, StringEquals=account),
        user(f"logs.{REGION}.amazonaws.com", [*send, *encrypt], ArnLike=logs),
    )
    key = (f"{STACK}{tokens.KEY}::key",)
    alias = resource(tokens.KEY_ALIAS, "alias", name="alias/shop-dev", targetKeyId=UNKNOWN)
    table = resource(
        tokens.TABLE,
        "ledger",
        name="shop-dev-ledger",
        hashKey="id",
        attributes=[{"name": "id", "type": "S"}],
        billingMode="PAY_PER_REQUEST",
        pointInTimeRecovery={"enabled": True},
        serverSideEncryption={"enabled": True, "kmsKeyArn": UNKNOWN},
        deletionProtectionEnabled=True,
        tags=TAGS,
    )
    return [
        resource(
            tokens.KEY, "key", description="all", enableKeyRotation=True, policy=policy, tags=TAGS
        ),
        replace(alias, edges={"targetKeyId": key}),
        replace(table, edges={"serverSideEncryption": key}),
        resource(tokens.SECRET, "secret", name="shop-dev-key", kmsKeyId="alias/shop-dev"),
    ]


def alarms() -> list[Resource]:
    visible = "ApproximateNumberOfMessagesVisible"
    on_queues = [
        alarm(name, visible, "AWS/SQS", {"QueueName": physical})
        for name, physical in (
            ("dlq-depth", "shop-dev-pay-dlq.fifo"),
            ("delivery-depth", "shop-dev-pay-delivery.fifo"),
            ("lost-depth", "shop-dev-lost"),
        )
    ]
    age = alarm(
        "age", "ApproximateAgeOfOldestMessage", "AWS/SQS", {"QueueName": "shop-dev-pay.fifo"}
    )
    on_functions = [
        alarm(f"{name}-errors", "Errors", "AWS/Lambda", {"FunctionName": f"shop-dev-{name}"})
        for name in ("pay", "clock")
    ]
    return [*on_queues, age, *on_functions]
