import os
import socket
from collections.abc import Iterator

import pytest

from local.compute.framing import Frames


@pytest.fixture
def pair() -> Iterator[tuple[Frames, Frames]]:
    left, right = socket.socketpair()
    with left, right:
        yield Frames(left), Frames(right)


def _receive(frames: Frames, count: int) -> list[tuple[dict[str, object], list[int]]]:
    messages: list[tuple[dict[str, object], list[int]]] = []
    while len(messages) < count:
        messages += frames.receive()
    return messages


def test_messages_arrive_whole_and_in_order(pair: tuple[Frames, Frames]) -> None:
    ours, theirs = pair
    ours.send({"n": 1})
    ours.send({"n": 2, "text": "x" * 5000})

    assert [message["n"] for message, _ in _receive(theirs, 2)] == [1, 2]


def test_each_descriptor_arrives_with_its_message(pair: tuple[Frames, Frames]) -> None:
    ours, theirs = pair
    reading, writing = os.pipe()
    ours.send({"n": 1})
    ours.send({"n": 2}, writing)
    os.close(writing)

    (_, none), (_, (given,)) = _receive(theirs, 2)
    with os.fdopen(given, "wb") as output:
        output.write(b"through")
    with os.fdopen(reading, "rb") as source:
        assert source.read() == b"through"
    assert none == []


def test_the_end_of_the_other_side_is_an_error(pair: tuple[Frames, Frames]) -> None:
    ours, theirs = pair
    ours.socket.shutdown(socket.SHUT_WR)

    with pytest.raises(EOFError):
        theirs.receive()
