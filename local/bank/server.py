"""The bank on two ports: one for its clients, which may refuse connections, and one to steer it."""

import asyncio
import socket
from collections.abc import Mapping

import msgspec

from local.bank.desk import Answer, Desk, Settings
from local.bank.faults import Fault
from local.bank.http import BadRequestError, Request, read_request, render


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bank is: the line that its process prints once it serves."""

    url: str
    control_url: str


class Server:
    """Serves a desk on the loopback address.

    The bank's API is on `port`, the steering paths below `/_bank/` on both ports: `control_port`
    answers even while the bank refuses connections.
    """

    def __init__(self, desk: Desk, *, port: int = 0) -> None:
        self._desk = desk
        self._socket: socket.socket | None = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.control_port = 0
        self._public: asyncio.Server | None = None
        self._control: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Open both ports."""
        control = _bound(0)
        self.control_port = control.getsockname()[1]
        self._control = await asyncio.start_server(self._serve, sock=control)
        await self._open_or_refuse()

    @property
    def address(self) -> Address:
        """Where it serves, once it has started."""
        return Address(
            url=f"http://127.0.0.1:{self.port}",
            control_url=f"http://127.0.0.1:{self.control_port}",
        )

    async def stop(self) -> None:
        """Close both ports and every connection."""
        for server in (self._public, self._control):
            if server is not None:
                server.close()
        for client in list(self._clients):
            client.transport.abort()
        if self._socket is not None:
            self._socket.close()

    async def _open_or_refuse(self) -> None:
        """Make the port follow the faults.

        A bound socket that does not listen refuses, and keeps other programs off the port.
        """
        if self._desk.faults.refusing() and self._public is not None:
            self._public.close()
            self._public = None
            for client in list(self._clients):
                if client.get_extra_info("sockname")[1] == self.port:
                    client.transport.abort()
            self._socket = _bound(self.port)
        elif not self._desk.faults.refusing() and self._public is None:
            self._public = await asyncio.start_server(self._serve, sock=self._socket)
            self._socket = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        try:
            while True:
                request = await read_request(reader)
                if request is None:
                    break
                answer = await self._answer(request)
                if answer is None:
                    writer.transport.abort()
                    return
                writer.write(answer)
                await writer.drain()
                if request.closes:
                    break
        except BadRequestError as error:
            body = msgspec.json.encode({"code": "invalid", "message": str(error)})
            writer.write(render(400, body, {}, closes=True))
        except ConnectionError:
            return
        finally:
            self._clients.discard(writer)
            writer.close()

    async def _answer(self, request: Request) -> bytes | None:
        if _from_a_site(request.headers):
            body = msgspec.json.encode({"code": "forbidden", "message": "served to programs here"})
            return render(403, body, {}, closes=request.closes)
        if request.segments[0] == "_bank":
            status, body = await self._steer(request)
            return render(status, body, {}, closes=request.closes)
        answer = await self._bank(request)
        if answer is None:
            return None
        body = msgspec.json.encode(answer.body)
        return render(answer.status, body, answer.headers, closes=request.closes)

    async def _bank(self, request: Request) -> Answer | None:
        authorization = request.headers.get("authorization", "")
        match request.method, request.segments:
            case "GET", ("health",):
                return await self._desk.health()
            case "POST", ("v1", ("payments" | "bank-accounts" | "orders") as operation):
                return await self._desk.order(
                    operation,
                    request.body,
                    key=request.headers.get("idempotency-key", ""),
                    authorization=authorization,
                )
            case "GET", ("v1", "transactions", key):
                return await self._desk.inquire(key, authorization=authorization)
            case _:
                return Answer(status=404, body={"code": "no_such_path", "message": "not served"})

    async def _steer(self, request: Request) -> tuple[int, bytes]:
        try:
            return 200, await self._command(request)
        except (msgspec.DecodeError, ValueError) as error:
            return 400, msgspec.json.encode({"code": "invalid", "message": str(error)})

    async def _command(self, request: Request) -> bytes:
        desk = self._desk
        match request.method, request.segments[1:]:
            case "GET", ("books",):
                return msgspec.json.encode(
                    desk.books.extract(
                        calls_from=int(request.query.get("calls_from", "0")),
                        bookings_from=int(request.query.get("bookings_from", "0")),
                    )
                )
            case "GET", ("faults",):
                pass
            case "POST", ("faults",):
                desk.faults.add(msgspec.json.decode(request.body, type=Fault))
            case "PUT", ("faults",):
                desk.faults.replace(msgspec.json.decode(request.body, type=list[Fault]))
            case "DELETE", ("faults",):
                desk.faults.replace([])
            case "GET", ("settings",):
                return msgspec.json.encode(desk.settings)
            case "PUT", ("settings",):
                desk.settings = msgspec.json.decode(request.body, type=Settings)
                return msgspec.json.encode(desk.settings)
            case _:
                raise ValueError("no such command: " + "/".join(request.segments))
        await self._open_or_refuse()
        return msgspec.json.encode(desk.faults.in_force())


def _from_a_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks for a page from elsewhere: by its form, or by a name that leads here.

    The steering paths need no key, and the books have everybody's accounts.
    """
    named = headers.get("host", "127.0.0.1").partition(":")[0]
    return "origin" in headers or named not in {"127.0.0.1", "localhost"}


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)  # noqa: FBT003 - the parameter has no name
    return bound
