from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(table: Resource, context: Context) -> Judgement:
    if not table.flag("serverSideEncryption", "enabled"):
        yield Violation(
            path="serverSideEncryption.enabled", found="AWS's own key", wanted="true, with a key"
        )
        return
    yield from uses_own_key(context.graph, table, "serverSideEncryption", "kmsKeyArn")


CONTROL = Control(
    id="dynamodb-customer-key",
    title="A table is encrypted with a customer-managed key",
    why="Who may decrypt AWS's own key is not the account's decision, and leaves no trace.",
    severity=Severity.MEDIUM,
    fix="Set serverSideEncryption.enabled and kmsKeyArn.",
    sources=(
        "checkov CKV_AWS_119",
        "checkov CKV_AWS_271",
        "awsguard dynamodb-table-encryption-enabled",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("serverSideEncryption",)},
    check=_check,
)
