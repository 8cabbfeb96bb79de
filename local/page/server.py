"""Serves the page on this machine only. No other site's script can press its buttons."""

import contextlib
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from control.errors import ControlError
from local.access import Access
from local.bank.client import BankError
from local.page.acts import Acts, UnknownAct, Wish
from local.page.look import Observer
from local.stopping import Running
from local.tap import tapped

HTML = Path(__file__).with_name("page.html")
LARGEST = 4096
MARK = "X-Local-Page"
"""A header that no other site can send here without asking first, and nobody is allowed."""

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'; img-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'",
}
FAILURES = (ControlError, BankError, UnknownAct, ClientError, BotoCoreError)


class Page(Running):
    """A server in threads of this process; ends with the `with` block."""

    def __init__(self, access: Access) -> None:
        self._ended = contextlib.ExitStack()
        tap = self._ended.enter_context(tapped(access, "page"))
        observer, acts = Observer(access, tap), Acts(access)

        self._server = Listener(observer, acts)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, name="page", daemon=True).start()

    def stop(self) -> None:
        """End it, and take its subscription away."""
        self._server.shutdown()
        self._server.server_close()
        with contextlib.suppress(ClientError, BotoCoreError):
            self._ended.close()


class Listener(ThreadingHTTPServer):
    """Knows what its handlers show and do."""

    daemon_threads = True

    def __init__(self, observer: Observer, acts: Acts) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.observer, self.acts = observer, acts


class _Handler(BaseHTTPRequestHandler):
    """One request a connection (HTTP/1.0): what follows a body is never taken for a request.

    Another site's form may send any body here, with a whole request hidden in it.
    """

    server: Listener  # pyright: ignore[reportIncompatibleVariableOverride] - the base class has no generic

    def do_GET(self) -> None:
        if not self._from_here():
            return
        if self.path == "/":
            self._answer(HTTPStatus.OK, HTML.read_bytes(), "text/html; charset=utf-8")
        elif self.path == "/look":
            try:
                content = msgspec.json.encode(self.server.observer.look())
            except FAILURES as error:
                self._say(HTTPStatus.BAD_GATEWAY, str(error))
                return
            self._answer(HTTPStatus.OK, content, "application/json")
        else:
            self._say(HTTPStatus.NOT_FOUND, "nothing here")

    def do_POST(self) -> None:
        if not self._from_here():
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._say(HTTPStatus.BAD_REQUEST, f"a button sends at most {LARGEST} bytes")
            return
        body = self.rfile.read(int(length))
        if self.path != "/act" or self.headers.get(MARK) != "1":
            self._say(HTTPStatus.FORBIDDEN, f"buttons send {MARK}: 1 to /act")
            return
        try:
            said = self.server.acts.do(msgspec.json.decode(body, type=Wish))
        except msgspec.DecodeError as error:
            self._say(HTTPStatus.BAD_REQUEST, str(error))
        except FAILURES as error:
            self._say(HTTPStatus.CONFLICT, str(error))
        else:
            self._say(HTTPStatus.OK, said)

    def _from_here(self) -> bool:
        """A name that another site points at this address is refused."""
        port = self.server.server_address[1]
        if self.headers.get("Host") in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return True
        self._say(HTTPStatus.FORBIDDEN, "this page is served to this machine only")
        return False

    def _say(self, status: HTTPStatus, text: str) -> None:
        self._answer(status, msgspec.json.encode({"said": text}), "application/json")

    def _answer(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the same
        """Nobody reads a line for every look."""
