from policy import tokens
from policy.checks.resource_policy import foreign_accounts
from policy.control import Context, Control, Judgement, Parameter, Severity
from policy.graph import Resource


def _check(holder: Resource, context: Context) -> Judgement:
    yield from foreign_accounts(context.graph, holder, context.words("accounts"))


CONTROL = Control(
    id="ecr-cross-account",
    title="A repository's policy lets in no foreign account but those that are named",
    why="A foreign account's administrators then decide who pulls or pushes.",
    severity=Severity.HIGH,
    fix="Remove the account, or add it to the parameter `accounts`.",
    sources=(
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    ),
    judges=(tokens.REPOSITORY_POLICY,),
    reads={tokens.REPOSITORY_POLICY: ("policy",)},
    check=_check,
    parameters=(
        Parameter(
            name="accounts",
            default=[],
            schema={"type": "array", "items": {"type": "string", "pattern": r"^\d{12}$"}},
            why="Foreign accounts that may be let in.",
        ),
    ),
)
