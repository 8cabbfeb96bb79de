import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local.emulator.gaps import invocations, judging
from local.emulator.routes import RECORD, RUNNER

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Front:
    """The application in front of the emulator's: what is ours is answered here.

    `PUT /_local/runner` with `{"url": ...}` says who runs functions, null that nobody does;
    `GET /_local/record` gives what roles and services did so far.
    """

    def __init__(self, emulator: App, started: Callable[[], None]) -> None:
        self._emulator = emulator
        self._started = started

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._emulator(scope, receive, self._announcing(send))
        elif scope["type"] == "http" and scope["path"] == RUNNER:
            await _register_runner(receive, send)
        elif scope["type"] == "http" and scope["path"] == RECORD:
            await _answer(send, 200, judging.recorder.lines())
        else:
            await self._emulator(scope, receive, send)

    def _announcing(self, send: Send) -> Send:
        async def announce(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._started()

        return announce


async def _register_runner(receive: Receive, send: Send) -> None:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
    invocations.send_to(json.loads(body)["url"])
    await _answer(send, 204, b"")


async def _answer(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})
