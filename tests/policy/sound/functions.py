"""Its worker, which a queue feeds, and its clock, which a schedule invokes."""

import json
from dataclasses import replace

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.sound.parts import (
    ACCOUNT,
    GRANTS,
    REGION,
    STACK,
    TAGS,
    Json,
    arn,
    document,
    resource,
    statement,
    trust,
)


def told(function: str, *services: str) -> Json:
    """The variables of a manager: a pattern of its services' functions, and the services."""
    managed = {"names": {"function": function}, "services": {name: {} for name in services}}
    return {"variables": {"MANAGED_FUNCTIONS": json.dumps(managed)}}


def deployed(name: str, /, **inputs: Json) -> list[Resource]:
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


def worker() -> list[Resource]:
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
        *deployed("pay", environment={"variables": variables}),
        resource(
            tokens.ROLE_POLICY, "pay-grants", name="grants", role="shop-dev-pay", policy=policy
        ),
        mapping,
    ]


def clock() -> list[Resource]:
    """A function that a schedule invokes: the asynchronous way in."""
    lost = arn("sqs", "shop-dev-lost")
    grants = [{"actions": ["sqs:SendMessage"], "resources": [lost]}]
    target = arn("lambda", "function:shop-dev-clock")
    turns = [{"actions": ["lambda:InvokeFunction"], "resources": [target]}, *grants]
    condition = {
        "aws:SourceArn": arn("scheduler", "schedule-group/shop-dev"),
        "aws:SourceAccount": ACCOUNT,
    }
    function = deployed(
        "clock",
        environment=told("shop-dev-{service}", "pay"),
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
