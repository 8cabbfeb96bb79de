"""What runs in a worker: the Lambda runtime's side of the Runtime API, in plain Python.

The same requests as the image's runtime makes, so a handler cannot tell the two apart:
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

Handler = Callable[[Any, "Context"], Any]
_VERSION = "2018-06-01"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who called by way of Cognito: nobody, here."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """The second argument of a handler.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    function_name: str
    function_version: str
    memory_limit_in_mb: str
    log_group_name: str
    log_stream_name: str
    identity: Identity = field(default_factory=Identity)
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the worker is killed."""
        return max(0, int((self.deadline - time.time()) * 1000))


class _RequestFormatter(logging.Formatter):
    """The format of Lambda's own handler: level, time, request, message."""

    request = ""

    def format(self, record: logging.LogRecord) -> str:
        record.__dict__["aws_request_id"] = self.request
        return super().format(record)


def run(handler_name: str) -> NoReturn:
    """Serve one request at a time until the server closes the connection."""
    server, _, prefix = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    api = _Api(http.client.HTTPConnection(server), f"/{prefix}/{_VERSION}/runtime")
    formatter = _log_as_lambda_does()
    try:
        handler = _load(handler_name)
    except BaseException as error:
        print(traceback.format_exc(), file=sys.stderr)  # noqa: T201 - a function's output
        api.post("/init/error", _described(error))
        raise SystemExit(1) from error
    while True:
        _serve_one(api, handler, formatter)


def _serve_one(api: "_Api", handler: Handler, formatter: _RequestFormatter) -> None:
    headers, event = api.next()
    request = formatter.request = headers["Lambda-Runtime-Aws-Request-Id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
    try:
        answer = json.dumps(handler(json.loads(event), _context(request, headers))).encode()
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is its answer
        print(f"[ERROR] {traceback.format_exc()}", file=sys.stderr)  # noqa: T201 - a function's output
        _flush()
        api.post(f"/invocation/{request}/error", _described(error) | {"requestId": request})
    else:
        _flush()
        api.send(f"/invocation/{request}/response", answer)


def _flush() -> None:
    # What a handler printed belongs before the end of its event.
    sys.stdout.flush()
    sys.stderr.flush()


def _load(name: str) -> Handler:
    module, _, attribute = name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), attribute)
    return handler


def _context(request: str, headers: http.client.HTTPMessage) -> Context:
    return Context(
        aws_request_id=request,
        invoked_function_arn=headers["Lambda-Runtime-Invoked-Function-Arn"],
        deadline=int(headers["Lambda-Runtime-Deadline-Ms"]) / 1000,
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
    )


def _described(error: BaseException) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _log_as_lambda_does() -> _RequestFormatter:
    formatter = _RequestFormatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s",
        "%Y-%m-%dT%H:%M:%S",
    )
    formatter.converter = time.gmtime
    output = logging.StreamHandler()
    output.setFormatter(formatter)
    logging.getLogger().addHandler(output)
    return formatter


class _Api:
    def __init__(self, connection: http.client.HTTPConnection, base: str) -> None:
        self._connection = connection
        self._base = base

    def next(self) -> tuple[http.client.HTTPMessage, bytes]:
        """Wait for the next request. Ends the process when there will be none."""
        try:
            self._connection.request("GET", f"{self._base}/invocation/next")
            response = self._connection.getresponse()
            return response.headers, response.read()
        except (OSError, http.client.HTTPException):
            sys.exit(0)

    def post(self, path: str, content: dict[str, Any]) -> None:
        self.send(path, json.dumps(content).encode())

    def send(self, path: str, body: bytes) -> None:
        self._connection.request("POST", self._base + path, body=body)
        self._connection.getresponse().read()
