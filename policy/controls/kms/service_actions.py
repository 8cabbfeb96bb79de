from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.iam.database import expand
from policy.patterns import is_pattern
from policy.resource import Resource
from policy.views.policies import placed_in


def _check(holder: Resource, context: Context) -> Judgement:
    del context
    for placed in placed_in(holder):
        statement = placed.statement
        wide = [item for item in statement.actions if is_pattern(item)]
        if statement.allows and statement.services() and wide:
            yield Violation(
                path=placed.path,
                found=f"{', '.join(wide)} for {', '.join(statement.services())}",
                wanted="the actions that the service's page names",
            )
        if statement.allows and "*" not in statement.resources:
            yield Violation(
                path=placed.path,
                found=", ".join(statement.resources) or "no resource",
                wanted="*, which in a key policy is the key itself",
            )
        for pattern in statement.actions:
            if not is_pattern(pattern) and not expand(pattern):
                yield Violation(path=placed.path, found=pattern, wanted="an action of KMS")


CONTROL = Control(
    id="kms-service-actions",
    title="A key's policy gives services the actions that they need",
    why="kms:* to a service lets it change the key's policy.",
    severity=Severity.HIGH,
    fix="Name the actions; kms:ReEncrypt* is kms:ReEncryptFrom and kms:ReEncryptTo.",
    sources=("https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html",),
    judges=(tokens.KEY, tokens.KEY_POLICY),
    reads={tokens.KEY: ("policy",), tokens.KEY_POLICY: ("policy",)},
    check=_check,
)
