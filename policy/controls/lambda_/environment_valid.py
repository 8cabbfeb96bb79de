import json
import re
from collections.abc import Mapping
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Undecided, Violation
from policy.resource import Resource

_MOST_BYTES: Final = 4096
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
_RESERVED: Final = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def _check(function: Resource, context: Context) -> Judgement:
    del context
    if not function.known("environment", "variables"):
        yield Undecided(path="environment.variables")
        return
    variables = function.mapping("environment", "variables")
    for name in variables:
        if name in _RESERVED or not _NAME.fullmatch(name):
            yield Violation(
                path=f"environment.variables.{name}",
                found=name,
                wanted="letters, and no name of Lambda's own",
            )
    size = _measured(variables)
    if size > _MOST_BYTES:
        yield Violation(
            path="environment.variables",
            found=f"{size} bytes",
            wanted=f"at most {_MOST_BYTES} bytes of names and values, as JSON",
        )


def _measured(variables: Mapping[str, object]) -> int:
    """Bytes as Lambda counts them: of one JSON object, in which a quote within a value is two.

    A value that is not known yet has at least no bytes.
    """
    known = {name: value if isinstance(value, str) else "" for name, value in variables.items()}
    return len(json.dumps(known, separators=(",", ":"), ensure_ascii=False).encode())


CONTROL = Control(
    id="lambda-environment-valid",
    title="A function's variables are ones that Lambda takes",
    why="Lambda refuses more than 4 KB of them, and its own names, in the middle of a deployment.",
    severity=Severity.MEDIUM,
    fix="Move what is large into a parameter or an object; rename what Lambda keeps for itself.",
    sources=(
        "cfn-lint E3663",
        "cfn-lint E3697",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("environment",)},
    check=_check,
)
