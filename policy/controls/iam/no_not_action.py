from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.each import each_grant
from policy.iam.grants import Grant
from policy.iam.inputs import DOCUMENT_INPUTS


def _judge(grant: Grant, context: Context) -> Judgement:
    del context
    statement = grant.statement
    if statement.not_actions:
        yield Violation(path=grant.path, found="Allow with NotAction", wanted="Action")
    if statement.not_resources:
        yield Violation(path=grant.path, found="Allow with NotResource", wanted="Resource")


CONTROL = Control(
    id="iam-no-not-action",
    title="No policy allows all but something",
    why="All but these is everything that AWS ever adds.",
    severity=Severity.HIGH,
    fix="Name what is allowed, and deny the rest elsewhere if need be.",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    ),
    judges=(tokens.IDENTITY_DOCUMENT,),
    reads=DOCUMENT_INPUTS,
    check=each_grant(_judge),
)
