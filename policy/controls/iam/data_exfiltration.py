from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.dangers import DATA_READS
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS
from policy.iam.scope import reaches_everything


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    if not reaches_everything(grant.statement):
        return
    found = [action for action in DATA_READS if grant.statement.covers(action)]
    if found:
        yield Violation(
            path=grant.path,
            found=f"{', '.join(found)} on everything",
            wanted="named queues, tables, secrets, buckets and log groups",
        )


CONTROL = Control(
    id="iam-data-exfiltration",
    title="No policy reads the data of everything",
    why="One stolen session then reads every table, secret and queue of the account.",
    severity=Severity.HIGH,
    fix="Name the ARNs.",
    sources=(
        "checkov CKV_AWS_108",
        "checkov CKV_AWS_288",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
