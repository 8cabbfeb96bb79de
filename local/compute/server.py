import json
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

from local.compute.function import Function
from local.compute.invocation import PAYLOAD_LIMIT, Outcome, ThrottledError, failure
from local.compute.tracing import new_trace
from local.compute.worker import Worker

_log = logging.getLogger(__name__)
LOOK = 0.05
"""Seconds between two looks whether to stop: with the default, each stop took half a second."""
FindFunction = Callable[[str], Function | None]
FindWorker = Callable[[str], tuple[Function, Worker] | None]


class Server:
    """Two APIs on one loopback port: the workers' Runtime API, and Lambda's Invoke.

    `POST /changed` says that the account's functions or mappings have changed.
    """

    def __init__(
        self, find_function: FindFunction, find_worker: FindWorker, changed: Callable[[], None]
    ) -> None:
        class Handler(_Handler):
            function = staticmethod(find_function)
            worker = staticmethod(find_worker)
            account_changed = staticmethod(changed)

        self._server = _Listener(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        Thread(
            target=self._server.serve_forever, args=[LOOK], name="runtime-api", daemon=True
        ).start()

    def stop(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Log it; a worker that is killed breaks its connections, which is no news."""
        del request, client_address
        if not isinstance(sys.exception(), ConnectionError):
            _log.exception("a request could not be served")


class _Handler(BaseHTTPRequestHandler):
    function: FindFunction
    worker: FindWorker
    account_changed: Callable[[], None]
    protocol_version = "HTTP/1.1"
    # Unbuffered small writes with Nagle's algorithm cost 40 ms a request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        match self.path.split("/"):
            case ["", name, _, "runtime", "invocation", "next"]:
                self._next(name)
            case _:
                self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        match self.path.split("/"):
            case ["", "2015-03-31", "functions", name, "invocations"]:
                self._invoke(unquote(name), body)
            case ["", "changed"]:
                self.account_changed()
                self._answer(HTTPStatus.ACCEPTED)
            case ["", name, _, "runtime", "init", "error"]:
                self._fail_start(name, body)
            case ["", name, _, "runtime", "invocation", request, "response"]:
                self._complete(name, request, _within_limit(body))
            case ["", name, _, "runtime", "invocation", request, "error"]:
                self._complete(name, request, Outcome(payload=body, failed=True))
            case _:
                self._answer(HTTPStatus.NOT_FOUND)

    def _next(self, name: str) -> None:
        found = self.worker(name)
        invocation = found and found[0].take(found[1])
        if not found or not invocation:
            self.close_connection = True
            return
        headers = {
            # The runtime client in the images crashes where the type is missing.
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request,
            "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": found[0].settings.arn,
            "Lambda-Runtime-Trace-Id": invocation.trace,
        }
        self._answer(HTTPStatus.OK, invocation.event, headers)

    def _complete(self, name: str, request: str, outcome: Outcome) -> None:
        found = self.worker(name)
        if found and found[0].complete(found[1], request, outcome):
            self._answer(HTTPStatus.ACCEPTED)
        else:
            self._answer(HTTPStatus.BAD_REQUEST)

    def _fail_start(self, name: str, body: bytes) -> None:
        if found := self.worker(name):
            found[1].initial_error = Outcome(payload=body, failed=True)
        self._answer(HTTPStatus.ACCEPTED)

    def _invoke(self, name: str, event: bytes) -> None:
        function = self.function(name)
        if function is None:
            body = {"Type": "User", "message": f"Function not found: {name}"}
            self._answer(HTTPStatus.NOT_FOUND, json.dumps(body).encode())
            return
        try:
            outcome = function.invoke(event, self.headers.get("X-Amzn-Trace-Id") or new_trace())
        except ThrottledError:
            self._answer(HTTPStatus.TOO_MANY_REQUESTS)
            return
        headers = {"X-Amz-Function-Error": "Unhandled"} if outcome.failed else {}
        self._answer(HTTPStatus.OK, outcome.payload, headers)

    def _answer(
        self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
        """Say nothing: requests are counted elsewhere."""


def _within_limit(body: bytes) -> Outcome:
    if len(body) <= PAYLOAD_LIMIT:
        return Outcome(payload=body)
    message = (
        f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."
    )
    return failure("Function.ResponseSizeTooLarge", message)
