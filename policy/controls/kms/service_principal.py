from typing import Final

from policy import tokens
from policy.checks.resource_policy import unbound_services
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource

_KEYS: Final = (
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "kms:EncryptionContext:aws:logs:arn",
    "kms:CallerAccount",
    "kms:ViaService",
)


def _check(holder: Resource, context: Context) -> Judgement:
    yield from unbound_services(holder, context, _KEYS)


CONTROL = Control(
    id="kms-service-principal",
    title="A key's policy lets an AWS service in for named sources only",
    why="Otherwise the service decrypts for whoever asks it (confused deputy).",
    severity=Severity.HIGH,
    fix="Add the condition that the service's page names: source, or encryption context for logs.",
    sources=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
    judges=(tokens.KEY, tokens.KEY_POLICY),
    reads={tokens.KEY: ("policy",), tokens.KEY_POLICY: ("policy",)},
    check=_check,
)
