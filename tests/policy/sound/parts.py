"""What a sound program is put together from: resources, statements, documents."""

import json
from collections.abc import Mapping
from typing import Any, Final

from policy import tokens
from policy.resource import Resource

Json = Any  # any value of JSON

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-2"
STACK: Final = "urn:pulumi:dev::shop::"
TAGS: Final = {"Project": "shop"}


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
