from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS

_ON_DATA: Final = (
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""What services do with a key for whoever calls them; signatures and MACs are a role's own."""


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    found = [action for action in _ON_DATA if statement.covers(action)]
    if found and not statement.naming("kms:ViaService"):
        yield Violation(
            path=grant.path,
            found=f"{', '.join(found)} directly",
            wanted="a condition on kms:ViaService",
        )


CONTROL = Control(
    id="iam-key-via-service",
    title="A role uses a key only through the services that it works with",
    why="Without it the role decrypts by itself whatever ciphertext it gets hold of.",
    severity=Severity.MEDIUM,
    fix="Add kms:ViaService with sqs, dynamodb and what else the role uses.",
    sources=("https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
