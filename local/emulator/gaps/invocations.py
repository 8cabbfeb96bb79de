"""The emulator runs image functions in containers: here the runner runs them, over HTTP.

The runner speaks the Invoke API's own wire format, so a caller's payload reaches the function
byte for byte and `X-Amz-Function-Error` comes back as the function's end, not as a guess.
"""

import contextlib
import http.client
import json
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from ministack import app
from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

from local.emulator.gaps.seam import Untyped, private, wrap

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in bytes
SYNCHRONOUS_LIMIT = 6 * 1024 * 1024
ASYNCHRONOUS_LIMIT = 1024 * 1024

Result = dict[str, Any]
Response = tuple[int, dict[str, str], bytes]
_payload: ContextVar[bytes | None] = ContextVar("payload", default=None)


@dataclass
class _Runner:
    url: str | None = None


_runner = _Runner()


def send_to(url: str | None) -> None:
    """Say where functions run from now on: the runner's URL, or None for nowhere."""
    _runner.url = url


def close() -> None:
    """Hand every execution to the runner, and leave the metrics of functions to it."""
    wrap(lambda_svc, "_execute_function", lambda _: _execute)
    wrap(lambda_svc, "_emit_lambda_metrics", lambda _: _nothing)
    handlers: dict[str, Any] = private(app, "SERVICE_HANDLERS")
    handlers["lambda"] = _telling_of_changes(_keeping_payload(handlers["lambda"]))


def _nothing(*_args: object, **_named: object) -> None:
    """The runner counts."""


def _execute(function: dict[str, Any], event: object) -> Result:
    config = function.get("config") or function
    payload = _payload.get()
    body = json.dumps(event).encode() if payload is None else payload
    if _runner.url is None:
        return _failed("Runtime.Unavailable", "No runner is attached to the emulator")
    try:
        status, headers, answer = _post(_runner.url, str(config["FunctionName"]), body)
    except (OSError, http.client.HTTPException) as error:
        return _failed("Runtime.Unavailable", f"The runner does not answer: {error}")
    if status == http.client.TOO_MANY_REQUESTS:
        throttle: Result = private(lambda_svc, "_throttle_response")(
            reason_code="ReservedFunctionConcurrentInvocationLimitExceeded",
            msg="Rate Exceeded.",
        )
        return throttle
    if status != http.client.OK:
        return _failed("Runtime.Unavailable", f"The runner refused: {answer.decode()}")
    if kind := headers.get("X-Amz-Function-Error"):
        return {"error": True, "function_error": kind, "body": json.loads(answer)}
    return {"body": answer, "raw_payload": True}


def _post(url: str, function: str, body: bytes) -> tuple[int, http.client.HTTPMessage, bytes]:
    # No timeout: the runner kills a function at its own, and answers.
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request(
            "POST", f"/2015-03-31/functions/{quote(function)}/invocations", body=body
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def _failed(kind: str, message: str) -> Result:
    return {
        "error": True,
        "function_error": "Unhandled",
        "body": {"errorType": kind, "errorMessage": message},
    }


def _keeping_payload(handle: Callable[..., Awaitable[Response]]) -> Callable[..., Untyped]:
    async def judged(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Response:
        if method != "POST" or not path.endswith("/invocations"):
            return await handle(method, path, headers, body, query)
        asynchronous = headers.get("x-amz-invocation-type") == "Event"
        if refused := _refusal(body, ASYNCHRONOUS_LIMIT if asynchronous else SYNCHRONOUS_LIMIT):
            return refused
        token = _payload.set(body or b"{}")
        try:
            return await handle(method, path, headers, body, query)
        finally:
            _payload.reset(token)

    return judged


def _telling_of_changes(handle: Callable[..., Awaitable[Response]]) -> Callable[..., Untyped]:
    async def tell(method: str, path: str, *rest: Untyped) -> Response:
        response = await handle(method, path, *rest)
        if method != "GET" and not path.endswith("/invocations") and _runner.url:
            threading.Thread(target=_tell, args=(_runner.url,), daemon=True).start()
        return response

    return tell


def _tell(url: str) -> None:
    # The runner looks by itself every second: this only saves the wait.
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=1)
        connection.request("POST", "/changed")
        connection.getresponse().read()
        connection.close()


def _refusal(body: bytes, limit: int) -> Response | None:
    if len(body) > limit:
        return error_response_json(
            "RequestTooLargeException",
            f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
            413,
        )
    try:
        json.loads(body or b"{}")
    except ValueError as error:
        return error_response_json(
            "InvalidRequestContentException",
            f"Could not parse request body into json: {error}",
            400,
        )
    return None
