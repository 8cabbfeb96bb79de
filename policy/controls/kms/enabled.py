from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(key: Resource, context: Context) -> Judgement:
    del context
    if key.get("isEnabled") is False:
        yield Violation(path="isEnabled", found="false", wanted="absent or true")


CONTROL = Control(
    id="kms-enabled",
    title="A key is enabled",
    why="Nothing is encrypted or decrypted with a key that is switched off.",
    severity=Severity.HIGH,
    fix="Leave isEnabled out.",
    sources=(
        "checkov CKV_AWS_227",
        "https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    ),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("isEnabled",)},
    check=_check,
)
