import os
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from local.compute.code import Code
from local.compute.invocation import Invocation, Outcome
from local.compute.output import Output
from local.compute.settings import FunctionSettings


def _stream() -> str:
    return time.strftime("%Y/%m/%d/[$LATEST]", time.gmtime()) + uuid.uuid4().hex


@dataclass(kw_only=True)
class Worker:
    """One execution environment of a function: a process that serves one request at a time."""

    settings: FunctionSettings
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    stream: str = field(default_factory=_stream)
    born: float = field(default_factory=time.monotonic)
    current: Invocation | None = None
    output: Output | None = None
    initial_error: Outcome | None = None
    ready: bool = False
    retired: bool = False
    alive: bool = True
    overdue: threading.Timer | None = None

    def environment(self, server: str, code: Code) -> dict[str, str]:
        """The variables that Lambda reserves, and the function's own below them.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        """
        return {
            "LANG": "en_US.UTF-8",
            "PATH": os.environ.get("PATH", os.defpath),
            "TZ": ":UTC",
            **self.settings.environment,
            "AWS_EXECUTION_ENV": "AWS_Lambda_Image",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.settings.memory),
            "AWS_LAMBDA_FUNCTION_NAME": self.settings.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": self.settings.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.stream,
            "AWS_LAMBDA_RUNTIME_API": f"{server}/{self.name}",
            "LAMBDA_TASK_ROOT": str(code.root),
            "_HANDLER": code.handler,
        }


def output_file(directory: Path, function: str) -> Path:
    """Where all that a function's workers print is kept."""
    return directory / "functions" / f"{function}.log"
