"""A small sound program, on which every control holds; tests break it in one place."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from policy import tokens
from policy.graph import Graph
from policy.resource import Resource
from policy.values import UNKNOWN

Json = Any  # any value of JSON

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-2"
STACK: Final = "urn:pulumi:dev::shop::"
TAGS: Final = {"Project": "shop"}

Edit = Callable[[dict[str, Resource]], None]


def arn(service: str, resource: str, *, regional: bool = True) -> str:
    return f"arn:aws:{service}:{REGION if regional else ''}:{ACCOUNT}:{resource}"


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def tls(service: str, resource: str) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": f"{service}:*" if service == "sqs" else "sns:Publish",
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def from_topic(queue: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn("sqs", queue),
        "Condition": {"ArnEquals": {"aws:SourceArn": arn("sns", "shop-dev-tx.fifo")}},
    }


def only(queue: str, *roles: str) -> dict[str, Any]:
    condition: dict[str, Any] = {"Bool": {"aws:PrincipalIsAWSService": "false"}}
    if roles:
        names = [arn("iam", f"role/{role}", regional=False) for role in roles]
        condition["ArnNotEquals"] = {"aws:PrincipalArn": names}
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": arn("sqs", queue),
        "Condition": condition,
    }


def resource(token: str, name: str, /, **inputs: Json) -> Resource:
    return Resource(
        urn=f"{STACK}{token}::{name}",
        type=token,
        name=name,
        inputs=inputs,
        parent=f"{STACK}{tokens.STACK}::stack",
        protect=True,
        ignore_changes=(),
    )


def queue(name: str, physical: str, /, **inputs: Json) -> Resource:
    fifo = {
        "fifoQueue": True,
        "fifoThroughputLimit": "perMessageGroupId",
        "deduplicationScope": "messageGroup",
    }
    given = {
        "name": physical,
        "kmsMasterKeyId": "alias/shop-dev",
        "messageRetentionSeconds": 1_209_600,
        "visibilityTimeoutSeconds": 180,
        "redriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"}),
        "tags": TAGS,
        **(fifo if physical.endswith(".fifo") else {}),
        **inputs,
    }
    return resource(tokens.QUEUE, name, **given)


GRANTS: Final[list[dict[str, Any]]] = [
    {
        "actions": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "resources": [arn("sqs", "shop-dev-pay.fifo")],
    },
    {"actions": ["sqs:SendMessage"], "resources": [arn("sqs", "shop-dev-pay-dlq.fifo")]},
    {"actions": ["dynamodb:PutItem"], "resources": [arn("dynamodb", "table/shop-dev-ledger")]},
    {
        "actions": ["secretsmanager:GetSecretValue"],
        "resources": [arn("secretsmanager", "secret:shop-dev-key-??????")],
    },
    {"actions": ["xray:PutTraceSegments"], "resources": ["*"]},
    {
        "actions": ["kms:Decrypt"],
        "resources": [arn("kms", "key/*")],
        "conditions": {
            "StringEquals": {"kms:ViaService": f"sqs.{REGION}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/shop-dev"},
        },
    },
]


def statement(grant: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": "Allow",
        "Action": grant["actions"],
        "Resource": grant["resources"],
    }
    if "conditions" in grant:
        found["Condition"] = grant["conditions"]
    return found


def trust(service: str, **condition: Json) -> str:
    found: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return document(found | ({"Condition": condition} if condition else {}))


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


def _queues() -> list[Resource]:
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


def _topics() -> list[Resource]:
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


def _function(name: str, /, **inputs: Json) -> list[Resource]:
    physical = f"shop-dev-{name}"
    component = f"{STACK}shop:index:Worker::{name}-worker"
    image = f"{STACK}{tokens.IMAGE}::{name}-image"
    registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    function = resource(
        tokens.FUNCTION,
        f"{name}-function",
        name=physical,
        description="works",
        packageType="Image",
        imageUri=UNKNOWN,
        architectures=["x86_64"],
        role=arn("iam", f"role/{physical}", regional=False),
        memorySize=256,
        timeout=30,
        kmsKeyArn=UNKNOWN,
        tracingConfig={"mode": "Active"},
        loggingConfig={
            "logFormat": "JSON",
            "applicationLogLevel": "INFO",
            "systemLogLevel": "INFO",
            "logGroup": f"/aws/lambda/{physical}",
        },
        tags=TAGS,
        **inputs,
    )
    edges = {"imageUri": (image,), "kmsKeyArn": (f"{STACK}{tokens.KEY}::key",)}
    group = resource(
        tokens.LOG_GROUP,
        f"{name}-logs",
        name=f"/aws/lambda/{physical}",
        retentionInDays=30,
        kmsKeyId=UNKNOWN,
    )
    repository = resource(
        tokens.REPOSITORY,
        f"{name}-repository",
        name=physical,
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfigurations=[{"encryptionType": "KMS", "kmsKey": UNKNOWN}],
    )
    pulls = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Condition": {"ArnLike": {"aws:SourceArn": arn("lambda", f"function:{physical}")}},
    }
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
        "action": {"type": "expire"},
    }
    key = (f"{STACK}{tokens.KEY}::key",)
    return [
        replace(function, edges=edges),
        replace(group, edges={"kmsKeyId": key}),
        replace(repository, edges={"encryptionConfigurations": key}),
        resource(
            tokens.REPOSITORY_POLICY, f"{name}-pulls", repository=physical, policy=document(pulls)
        ),
        resource(
            tokens.REPOSITORY_LIFECYCLE,
            f"{name}-lifecycle",
            repository=physical,
            policy=json.dumps({"rules": [rule]}),
        ),
        resource(
            tokens.IMAGE,
            f"{name}-image",
            imageName=f"{registry}/{physical}:abc",
            build={"platform": "linux/amd64", "args": {"BASE_IMAGE": f"python@sha256:{'a' * 64}"}},
            registry={"server": registry},
        ),
        replace(
            resource(
                tokens.ROLE,
                f"{name}-role",
                name=physical,
                assumeRolePolicy=trust("lambda.amazonaws.com"),
            ),
            parent=component,
        ),
    ]


def _worker() -> list[Resource]:
    component = replace(resource("shop:index:Worker", "pay-worker", grants=GRANTS), protect=None)
    mapping = resource(
        tokens.MAPPING,
        "mapping",
        eventSourceArn=arn("sqs", "shop-dev-pay.fifo"),
        functionName="shop-dev-pay",
        batchSize=10,
        functionResponseTypes=["ReportBatchItemFailures"],
        scalingConfig={"maximumConcurrency": 10},
    )
    policy = document(*map(statement, GRANTS))
    variables = {"LEDGER": "shop-dev-ledger"}
    return [
        component,
        *_function("pay", environment={"variables": variables}),
        resource(
            tokens.ROLE_POLICY, "pay-grants", name="grants", role="shop-dev-pay", policy=policy
        ),
        mapping,
    ]


def _clock() -> list[Resource]:
    """A function that a schedule invokes: the asynchronous way in."""
    lost = arn("sqs", "shop-dev-lost")
    grants = [{"actions": ["sqs:SendMessage"], "resources": [lost]}]
    target = arn("lambda", "function:shop-dev-clock")
    turns = [{"actions": ["lambda:InvokeFunction"], "resources": [target]}, *grants]
    condition = {
        "aws:SourceArn": arn("scheduler", "schedule-group/shop-dev"),
        "aws:SourceAccount": ACCOUNT,
    }
    function = _function(
        "clock",
        environment={
            "variables": {"MANAGED_FUNCTIONS": json.dumps([{"function": "shop-dev-pay"}])}
        },
    )
    return [
        replace(resource("shop:index:Worker", "clock-worker", grants=grants), protect=None),
        *function,
        resource(
            tokens.ROLE_POLICY,
            "clock-grants",
            name="grants",
            role="shop-dev-clock",
            policy=document(*map(statement, grants)),
        ),
        resource(
            tokens.INVOKE_CONFIG,
            "clock-async",
            functionName="shop-dev-clock",
            maximumEventAgeInSeconds=900,
            maximumRetryAttempts=2,
            destinationConfig={"onFailure": {"destination": lost}},
        ),
        resource(
            tokens.PERMISSION,
            "permission",
            function="shop-dev-clock",
            action="lambda:InvokeFunction",
            principal="sns.amazonaws.com",
            sourceArn=arn("sns", "shop-dev-alerts"),
        ),
        resource(
            tokens.ROLE,
            "turn-role",
            name="shop-dev-clockwork",
            assumeRolePolicy=trust("scheduler.amazonaws.com", StringEquals=condition),
        ),
        resource(
            tokens.ROLE_POLICY,
            "turn-policy",
            name="grants",
            role="shop-dev-clockwork",
            policy=document(*map(statement, turns)),
        ),
        resource(tokens.SCHEDULE_GROUP, "group", name="shop-dev"),
        resource(
            tokens.SCHEDULE,
            "schedule",
            name="shop-dev-turn",
            groupName="shop-dev",
            scheduleExpression="rate(1 minute)",
            flexibleTimeWindow={"mode": "OFF"},
            target={
                "arn": target,
                "roleArn": arn("iam", "role/shop-dev-clockwork", regional=False),
                "input": "{}",
                "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1},
                "deadLetterConfig": {"arn": lost},
            },
        ),
    ]


def _data() -> list[Resource]:
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


def _alarms() -> list[Resource]:
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


def resources() -> dict[str, Resource]:
    """The program's resources by name."""
    root = replace(resource(tokens.STACK, "stack"), parent=None, protect=None)
    made = [root, *_data(), *_queues(), *_topics(), *_worker(), *_clock(), *_alarms()]
    return {item.name: item for item in made}


def sound(*edits: Edit) -> Graph:
    """The program after some edits."""
    found = resources()
    for edit in edits:
        edit(found)
    return Graph(found.values())


def given(name: str, /, **inputs: Json) -> Edit:
    """An edit that sets inputs of a resource; None takes one away."""

    def edit(found: dict[str, Resource]) -> None:
        merged = {**found[name].inputs, **inputs}
        kept = {key: value for key, value in merged.items() if value is not None}
        found[name] = replace(found[name], inputs=kept)

    return edit


def unknown(name: str, *inputs: str) -> Edit:
    """An edit after which inputs are not known, and no edge says what they are made from."""

    def edit(found: dict[str, Resource]) -> None:
        old = found[name]
        edges = {key: urns for key, urns in old.edges.items() if key not in inputs}
        found[name] = replace(
            old, inputs={**old.inputs, **dict.fromkeys(inputs, UNKNOWN)}, edges=edges
        )

    return edit


def gone(*names: str) -> Edit:
    """An edit that takes resources away."""

    def edit(found: dict[str, Resource]) -> None:
        for name in names:
            del found[name]

    return edit


def added(*made: Resource) -> Edit:
    """An edit that adds resources."""

    def edit(found: dict[str, Resource]) -> None:
        found.update({item.name: item for item in made})

    return edit


def option(name: str, /, **fields: Json) -> Edit:
    """An edit of what is not an input: protection, edges, the parent."""

    def edit(found: dict[str, Resource]) -> None:
        found[name] = replace(found[name], **fields)

    return edit


def both(*edits: Edit) -> Edit:
    """One edit of several."""

    def edit(found: dict[str, Resource]) -> None:
        for item in edits:
            item(found)

    return edit
