import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]
_LENGTH = struct.Struct("!I")
_CHUNK = 65536
_DESCRIPTORS = 16


class Frames:
    """JSON messages over a stream socket, each with the file descriptors sent along."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self._bytes = b""
        self._descriptors: list[int] = []

    def send(self, message: Message, *descriptors: int) -> None:
        """Send one message. Not for two threads at once."""
        body = json.dumps(message | {"descriptors": len(descriptors)}).encode()
        head = _LENGTH.pack(len(body))
        if descriptors:
            socket.send_fds(self.socket, [head], descriptors)
        else:
            self.socket.sendall(head)
        self.socket.sendall(body)

    def receive(self) -> list[tuple[Message, list[int]]]:
        """Read once, and return what is whole by then.

        Raises:
            EOFError: the other side is gone.
        """
        chunk, descriptors, _, _ = socket.recv_fds(self.socket, _CHUNK, _DESCRIPTORS)
        if not chunk:
            raise EOFError
        self._bytes += chunk
        self._descriptors += descriptors
        return list(self._whole())

    def _whole(self) -> Iterator[tuple[Message, list[int]]]:
        while len(self._bytes) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._bytes)
            end = _LENGTH.size + length
            if len(self._bytes) < end:
                return
            message: Message = json.loads(self._bytes[_LENGTH.size : end])
            self._bytes = self._bytes[end:]
            count = message.pop("descriptors")
            yield message, self._descriptors[:count]
            self._descriptors = self._descriptors[count:]
