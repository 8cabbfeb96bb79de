"""Long polls that wake when a message comes. The emulator looks again each tenth of a second.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.services import sns, sqs

from local.emulator.gaps.seam import Untyped, private, wrap

_QUEUE = re.compile(rb'"QueueUrl"\s*:\s*"[^"]*/([^"/]+)"')
_polled: ContextVar[str] = ContextVar("polled", default="")
_changes: dict[str, asyncio.Event] = {}


def close() -> None:
    """Wake the polls of a queue at each call that changes it, and at each delivery of a topic."""
    private(sqs, "asyncio")
    sqs.asyncio = _WakingAsyncio()  # pyright: ignore[reportAttributeAccessIssue] - stands in for the module
    handlers: dict[str, Any] = private(app, "SERVICE_HANDLERS")
    handlers["sqs"] = _waking(handlers["sqs"])
    wrap(sns, "_deliver_to_sqs", _waking_after_delivery)


class _WakingAsyncio:
    """The module asyncio as the queues see it, with a sleep that a change of the queue ends."""

    def __getattr__(self, name: str) -> Untyped:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(delay: float) -> None:
        """Wait for the polled queue to change, at most `delay` seconds."""
        change = _changes.setdefault(_polled.get(), asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(change.wait(), delay)


def _wake(queue: str) -> None:
    if change := _changes.pop(queue, None):
        change.set()


def _waking(handle: Callable[..., Awaitable[Untyped]]) -> Callable[..., Awaitable[Untyped]]:
    async def handle_and_wake(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Untyped:
        found = _QUEUE.search(body)
        queue = found[1].decode() if found else ""
        token = _polled.set(queue)
        try:
            return await handle(method, path, headers, body, query)
        finally:
            _polled.reset(token)
            if not headers.get("x-amz-target", "").endswith(".ReceiveMessage"):
                _wake(queue)

    return handle_and_wake


def _waking_after_delivery(original: Callable[..., None]) -> Callable[..., None]:
    def deliver(endpoint: str, *content: object, **named: object) -> None:
        original(endpoint, *content, **named)
        # From a thread the poll's own look finds it: an event belongs to its loop.
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop()
            _wake(endpoint.rsplit(":", 1)[-1])

    return deliver
