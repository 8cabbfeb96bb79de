import re
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.resource import Resource

_SHAPES: Final = {
    "an access key id": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a token": re.compile(r"\b(?:ghp_|gho_|xox[bp]-|sk_live_|eyJhbGciOi)[0-9A-Za-z_\-.]{10,}"),
    "a password in a URL": re.compile(r"://[^/\s:@]+:[^/\s:@]+@"),
}
_NAMES: Final = re.compile(
    r"(?:password|passwd|secret_?key|api_?key|access_?key|token)$", re.IGNORECASE
)


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if not function.known("environment", "variables"):
        yield Undecided(path="environment.variables")
        return
    for name in function.mapping("environment", "variables"):
        path = ("environment", "variables", name)
        if function.known(*path):
            yield from _judge(name, function.text(*path) or "")


def _judge(name: str, value: str) -> Judgement:
    # A name such as BANK_API_KEY_SECRET says where the secret is, not what it is.
    found = [what for what, shape in _SHAPES.items() if shape.search(value)]
    if _NAMES.search(name) and value and not value.startswith("arn:"):
        found.append(f"a value under the name {name}")
    if found:
        yield Violation(
            path=f"environment.variables.{name}",
            found=", ".join(found),
            wanted="the name of a secret in Secrets Manager",
        )


CONTROL = Control(
    id="lambda-no-secrets",
    title="A function's environment holds no secrets",
    why="Whoever may read the function's configuration reads them, and so does Pulumi's state.",
    severity=Severity.HIGH,
    fix="Put the value into Secrets Manager and pass its name.",
    sources=(
        "checkov CKV_AWS_45",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("environment",)},
    check=_check,
)
