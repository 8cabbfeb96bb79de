from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.views.policies import Placed, policy_of


def _check(key: Resource, context: Context) -> Judgement:
    statements = policy_of(context.graph, key)
    if not statements:
        yield Violation(path="policy", found="AWS's default policy", wanted="a policy of its own")
        return
    if key.flag("bypassPolicyLockoutSafetyCheck"):
        yield Violation(path="bypassPolicyLockoutSafetyCheck", found="true", wanted="absent")
    if not any(_manages(context.graph, placed) for placed in statements):
        yield Violation(
            path="policy",
            found="nobody of the account may manage the key",
            wanted="a statement for the account's root or for administrators",
        )


def _manages(graph: Graph, placed: Placed) -> bool:
    statement = placed.statement
    root = f":{graph.account}:root"
    return (
        statement.allows
        and any(
            name.endswith(root) or graph.resolve(name, tokens.ROLE)
            for name in statement.principals.get("AWS", ())
        )
        and statement.covers("kms:PutKeyPolicy")
        and "*" in statement.resources
    )


CONTROL = Control(
    id="kms-policy-defined",
    title="A key has a policy of its own that leaves somebody in charge",
    why="A key that nobody may manage cannot even be deleted; AWS support has to open it.",
    severity=Severity.HIGH,
    fix="Write the key's policy, with a statement for the account.",
    sources=(
        "checkov CKV2_AWS_64",
        "pulumi aws-kms-key-disallow-bypass-policy-lockout-safety-check",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    ),
    judges=(tokens.KEY,),
    reads={
        tokens.KEY: ("policy", "bypassPolicyLockoutSafetyCheck"),
        tokens.KEY_POLICY: ("policy", "keyId"),
    },
    check=_check,
)
