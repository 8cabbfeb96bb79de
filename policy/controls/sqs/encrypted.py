from collections.abc import Mapping

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(queue: Resource, context: Context) -> Judgement:
    del context
    by_key = not queue.known("kmsMasterKeyId") or queue.text("kmsMasterKeyId")
    if by_key or queue.flag("sqsManagedSseEnabled"):
        return
    yield Violation(
        path="kmsMasterKeyId",
        found="neither a KMS key nor SQS-managed encryption",
        wanted="kmsMasterKeyId, or sqsManagedSseEnabled: true",
    )


def _remedy(inputs: Mapping[str, object], _context: Context) -> Mapping[str, object]:
    return {**inputs, "sqsManagedSseEnabled": True}


CONTROL = Control(
    id="sqs-encrypted",
    title="A queue is encrypted at rest",
    why="Messages carry the data of customers.",
    severity=Severity.HIGH,
    fix="Name a key in kmsMasterKeyId, or set sqsManagedSseEnabled.",
    sources=(
        "FSBP SQS.1",
        "cdk-nag AwsSolutions-SQS2",
        "checkov CKV_AWS_27",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html",
    ),
    judges=(tokens.QUEUE,),
    reads={tokens.QUEUE: ("kmsMasterKeyId", "sqsManagedSseEnabled")},
    check=_check,
    remedy=_remedy,
)
