from policy import tokens
from policy.arns import parse_arn
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.patterns import is_pattern
from policy.resource import Resource


def _wide(source: str) -> bool:
    """Whether it is a pattern; of an HTTP API the stages, methods and paths may be one."""
    arn = parse_arn(source)
    if arn is not None and arn.service == "execute-api":
        return is_pattern(arn.account) or is_pattern(arn.resource.partition("/")[0])
    return is_pattern(source)


def _check(permission: Resource, context: Context) -> Judgement:
    principal = permission.text("principal") or ""
    if not principal.endswith(".amazonaws.com"):
        return
    source = permission.text("sourceArn") if permission.known("sourceArn") else ""
    if not permission.has("sourceArn"):
        yield Violation(path="sourceArn", found=f"{principal} for any account", wanted="sourceArn")
    elif source and _wide(source):
        yield Violation(path="sourceArn", found=source, wanted="the ARN of one source")
    if permission.known("sourceArn") and not permission.has("sourceArn"):
        return
    arn = parse_arn(source or "")
    if arn is not None and not arn.account and not permission.has("sourceAccount"):
        yield Violation(
            path="sourceAccount",
            found=f"none, and {source} names no account",
            wanted="the account that the source belongs to",
        )
    account = permission.text("sourceAccount")
    own = context.graph.account
    if account is not None and own is not None and account != own:
        yield Violation(path="sourceAccount", found=account, wanted=own)


CONTROL = Control(
    id="lambda-permission-source",
    title="A permission for an AWS service names its source",
    why="Without it anybody's topic, rule or bucket can invoke the function (confused deputy).",
    severity=Severity.HIGH,
    fix="Set sourceArn to the one topic, rule or schedule, and sourceAccount beside a bucket's.",
    sources=(
        "checkov CKV_AWS_364",
        "cfn-lint W3663",
        "cfn-lint W3664",
        "pulumi aws-lambda-permission-configure-source-arn",
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    ),
    judges=(tokens.PERMISSION,),
    reads={tokens.PERMISSION: ("principal", "sourceArn", "sourceAccount")},
    check=_check,
)
