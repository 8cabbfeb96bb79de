"""The calls to KMS that AWS makes for a call on something encrypted: the emulator makes none.

For queues, topics, tables (by the caller's own permission), secrets, variables of functions, and
logs (by the service):
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from collections.abc import Callable, Iterator, Mapping

from ministack.services import (
    cloudwatch_logs,
    dynamodb,
    lambda_svc,
    secretsmanager,
    sns,
    sqs,
)

from local.emulator.gaps import keys
from local.emulator.gaps.seam import private
from local.emulator.judge import Request

_READ = ("kms:Decrypt",)
_WRITE = ("kms:Decrypt", "kms:GenerateDataKey")
_OF_ACTION: Mapping[str, tuple[str, ...]] = {
    "sqs:ReceiveMessage": _READ,
    "sqs:SendMessage": _WRITE,
    "sns:Publish": _WRITE,
    "dynamodb:DeleteItem": _READ,
    "dynamodb:GetItem": _READ,
    "dynamodb:PutItem": _READ,
    "dynamodb:Query": _READ,
    "dynamodb:Scan": _READ,
    "dynamodb:UpdateItem": _READ,
    "lambda:GetFunction": _READ,
    "lambda:GetFunctionConfiguration": _READ,
    "secretsmanager:GetSecretValue": _READ,
    "secretsmanager:PutSecretValue": _WRITE,
}
_OF_LOGS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
)


def derived(request: Request) -> Iterator[Request]:
    """The calls to KMS that this one brings about."""
    found = key_of(request.resource)
    if found is None:
        return
    arn, aliases = found
    _, _, service, region, *_ = request.resource.split(":", 5)
    if request.action == "logs:PutLogEvents":
        group = request.resource.split(":log-stream:")[0].removesuffix(":*")
        for action in _OF_LOGS:
            yield Request(
                principal=f"logs.{region}.amazonaws.com",
                action=action,
                resource=arn,
                context={
                    "kms:encryptioncontext:aws:logs:arn": (group,),
                    "kms:resourcealiases": aliases,
                },
            )
    context = {
        name: values
        for name, values in request.context.items()
        if name in {"aws:sourcearn", "aws:sourceaccount"}
    }
    via = {"kms:viaservice": (f"{service}.{region}.amazonaws.com",)} | {
        "kms:resourcealiases": aliases
    }
    for action in _OF_ACTION.get(request.action, ()):
        yield Request(
            principal=request.principal, action=action, resource=arn, context={**context, **via}
        )


def key_of(resource: str) -> tuple[str, tuple[str, ...]] | None:
    """The ARN and the aliases of the key that encrypts a resource; None where AWS's own does."""
    reference = _reference(resource)
    key = keys.find(reference) if reference else None
    return (key, keys.aliases(key)) if key else None


def _reference(resource: str) -> str | None:
    """The key as the resource names it."""
    if not resource.startswith("arn:"):
        return None
    _, _, service, _, _, name = resource.split(":", 5)
    read = _KEY_OF.get(service)
    return read(resource, name) if read else None


def _of_queue(arn: str, _name: str) -> str | None:
    queue = private(sqs, "_queue_by_arn")(arn) or {"attributes": {}}
    return queue["attributes"].get("KmsMasterKeyId")


def _of_topic(arn: str, _name: str) -> str | None:
    topic = private(sns, "_topic_by_arn_any_scope")(arn) or {}
    return topic.get("attributes", {}).get("KmsMasterKeyId")


def _of_table(_arn: str, name: str) -> str | None:
    table = private(dynamodb, "_tables").get(name.split("/")[1]) or {}
    return (table.get("SSEDescription") or {}).get("KMSMasterKeyArn")


def _of_secret(arn: str, _name: str) -> str | None:
    _, secret = private(secretsmanager, "_resolve")(arn)
    return (secret or {}).get("KmsKeyId")


def _of_function(_arn: str, name: str) -> str | None:
    function = private(lambda_svc, "_functions").get(name.removeprefix("function:")) or {}
    return function.get("config", {}).get("KMSKeyArn")


def _of_log_group(_arn: str, name: str) -> str | None:
    group = name.removeprefix("log-group:").split(":")[0]
    found = private(cloudwatch_logs, "_log_groups").get(group) or {}
    return found.get("kmsKeyId")


_KEY_OF: Mapping[str, Callable[[str, str], str | None]] = {
    "sqs": _of_queue,
    "sns": _of_topic,
    "dynamodb": _of_table,
    "secretsmanager": _of_secret,
    "lambda": _of_function,
    "logs": _of_log_group,
}
