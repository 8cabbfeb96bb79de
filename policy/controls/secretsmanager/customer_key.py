from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity
from policy.resource import Resource


def _check(secret: Resource, context: Context) -> Judgement:
    yield from uses_own_key(context.graph, secret, "kmsKeyId")


CONTROL = Control(
    id="secretsmanager-customer-key",
    title="A secret is encrypted with a customer-managed key",
    why="Who may decrypt is then the account's decision, by key policy; AWS's own key serves all of"
    " the account who may read the secret.",
    severity=Severity.MEDIUM,
    fix="Set kmsKeyId.",
    sources=(
        "checkov CKV_AWS_149",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
    judges=(tokens.SECRET,),
    reads={tokens.SECRET: ("kmsKeyId",)},
    check=_check,
)
