from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(topic: Resource, context: Context) -> Judgement:
    del context
    if topic.known("kmsMasterKeyId") and not topic.text("kmsMasterKeyId"):
        yield Violation(path="kmsMasterKeyId", found="no key", wanted="a KMS key")


CONTROL = Control(
    id="sns-encrypted",
    title="A topic is encrypted at rest",
    why="Messages carry the data of customers; without a key SNS encrypts its disks alone.",
    severity=Severity.HIGH,
    fix="Name a key in kmsMasterKeyId.",
    sources=(
        "Security Hub SNS.1",
        "cdk-nag NIST.800.53.R5-SNSEncryptedKMS",
        "checkov CKV_AWS_26",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html",
    ),
    judges=(tokens.TOPIC,),
    reads={tokens.TOPIC: ("kmsMasterKeyId",)},
    check=_check,
    # No remedy: AWS's own key for SNS lets no alarm publish, and which other key is not guessed.
)
