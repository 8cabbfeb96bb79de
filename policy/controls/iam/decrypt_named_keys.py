from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import reaches_everything

_DECRYPTS: Final = ("kms:Decrypt", "kms:ReEncryptFrom")


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    found = [action for action in _DECRYPTS if statement.covers(action)]
    if found and reaches_everything(statement):
        yield Violation(
            path=grant.path,
            found=f"{', '.join(found)} with every key",
            wanted="the key's ARN, or a condition on kms:ResourceAliases",
        )


CONTROL = Control(
    id="iam-decrypt-named-keys",
    title="No identity decrypts with every key",
    why="The key is the last line: who decrypts with all keys reads all that is encrypted.",
    severity=Severity.HIGH,
    fix="Name the key, or pin its alias with kms:ResourceAliases on the account's keys; Security"
    " Hub reads the resource only.",
    sources=(
        "FSBP KMS.1",
        "FSBP KMS.2",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/abac.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
