from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(version: Resource, context: Context) -> Judgement:
    del context
    for key in ("secretString", "secretBinary"):
        if version.has(key):
            yield Violation(
                path=key, found="a value in the program", wanted="a value put by its owner"
            )


CONTROL = Control(
    id="secretsmanager-no-value",
    title="The program makes a secret, not its value",
    why="A value in the program is in its history and in Pulumi's state, and each rotation needs"
    " a deployment.",
    severity=Severity.HIGH,
    fix="Put the value with the CLI, from a file that is removed after, or a rotation function.",
    sources=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security_cli-exposure-risks.html",
    ),
    judges=(tokens.SECRET_VERSION,),
    reads={tokens.SECRET_VERSION: ("secretString", "secretBinary")},
    check=_check,
)
