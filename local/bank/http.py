"""As much of HTTP/1.1 as a bank needs: requests with a Content-Length on kept connections."""

import asyncio
import http
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

MAX_BODY = 1_000_000


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request; header names are in small letters, the path is decoded segment by segment."""

    method: str
    segments: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the client wants the connection closed afterwards."""
        return self.headers.get("connection", "").lower() == "close"


class BadRequestError(ValueError):
    """What came in is not a request that this server reads."""


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when the client has closed it.

    Raises:
        BadRequestError: the head cannot be read, or the body is larger than MAX_BODY.
    """
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("the head is too long") from error
    first, *lines = head[:-4].split("\r\n")
    try:
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, value in (x.split(":", 1) for x in lines)}
        length = int(headers.get("content-length", "0"))
    except ValueError as error:
        raise BadRequestError("the head is malformed") from error
    if not 0 <= length <= MAX_BODY:
        raise BadRequestError("the body is too long")
    try:
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    url = urlsplit(target)
    return Request(
        method=method,
        segments=tuple(unquote(segment) for segment in url.path.strip("/").split("/")),
        query={name: values[-1] for name, values in parse_qs(url.query).items()},
        headers=headers,
        body=body,
    )


def render(status: int, body: bytes, headers: dict[str, str], *, closes: bool) -> bytes:
    """An answer as it goes over the wire."""
    lines = [
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Connection: {'close' if closes else 'keep-alive'}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
