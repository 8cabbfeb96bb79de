from policy import tokens
from policy.control import Context, Control, Judgement, Level, Severity, Violation
from policy.resource import Resource
from policy.values import texts


def _check(table: Resource, context: Context) -> Judgement:
    graph = context.graph
    for selection in graph.of(tokens.BACKUP_SELECTION):
        if not selection.known("resources"):
            if table in graph.edges(selection, "resources", tokens.TABLE):
                return
        elif any(graph.resolve(arn) is table for arn in texts(selection.get("resources"))):
            return
    yield Violation(path="name", found="no backup plan", wanted="a selection with the table")


CONTROL = Control(
    id="dynamodb-backup-plan",
    title="A table is in a backup plan",
    why="Backups outlive the account's own mistakes, in a vault of their own.",
    severity=Severity.LOW,
    fix="Add a backup plan and a selection.",
    sources=(
        "Security Hub DynamoDB.4",
        "cdk-nag NIST.800.53.R5-DynamoDBInBackupPlan",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.TABLE,),
    reads={tokens.TABLE: ("name",), tokens.BACKUP_SELECTION: ("resources",)},
    check=_check,
    level=Level.DISABLED,
    off_because="Plans and vaults are made for the organisation, often in another account and by"
    " tag, out of sight of one program; point-in-time recovery is demanded here.",
)
