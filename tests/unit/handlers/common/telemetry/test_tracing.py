"""Calls told to X-Ray's daemon, over a real datagram."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.common.telemetry.tracing import Call, trace

ROOT, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
SAMPLED = f"Root={ROOT};Parent={PARENT};Sampled=1"
PAID = Call(
    name="bank",
    method="POST",
    url="https://bank.example/v1/payments",
    status=201,
    seconds=0.5,
    correlation_id="corr",
)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(5)
        host, port = listening.getsockname()
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", f"{host}:{port}")
        monkeypatch.setenv("_X_AMZN_TRACE_ID", SAMPLED)
        yield listening


def heard(daemon: socket.socket) -> dict[str, Any]:
    header, _, document = daemon.recv(65_536).partition(b"\n")
    assert json.loads(header) == {"format": "json", "version": 1}
    return json.loads(document)


def silent(daemon: socket.socket) -> bool:
    daemon.settimeout(0)
    try:
        daemon.recv(1)
    except BlockingIOError:
        return True
    return False


def test_a_call_is_a_remote_part_of_the_invocations_segment(daemon: socket.socket) -> None:
    trace(PAID)
    told = heard(daemon)
    assert (told["trace_id"], told["parent_id"], told["type"]) == (ROOT, PARENT, "subsegment")
    assert (told["name"], told["namespace"]) == ("bank", "remote")
    assert told["http"] == {
        "request": {"method": "POST", "url": "https://bank.example/v1/payments"},
        "response": {"status": 201},
    }
    assert told["annotations"] == {"correlation_id": "corr"}
    assert told["end_time"] - told["start_time"] == pytest.approx(0.5)
    assert len(bytes.fromhex(told["id"])) == 8


@pytest.mark.parametrize(
    ("status", "flags"),
    [
        (201, set()),
        (402, {"error"}),
        (429, {"error", "throttle"}),
        (503, {"fault"}),
        (None, {"fault"}),
    ],
)
def test_whose_fault_it_was_follows_from_the_status(
    daemon: socket.socket, status: int | None, flags: set[str]
) -> None:
    trace(Call(name="bank", method="GET", url="u", status=status, seconds=0.1))
    told = heard(daemon)
    assert {flag for flag in ("error", "fault", "throttle") if told[flag]} == flags
    assert told["http"]["response"] == ({} if status is None else {"status": status})


@pytest.mark.parametrize(
    "header", ["", f"Root={ROOT};Parent={PARENT};Sampled=0", "nonsense;Sampled=1x"]
)
def test_what_is_not_sampled_is_not_told(
    daemon: socket.socket, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    trace(PAID)
    assert silent(daemon)


@pytest.mark.parametrize("address", ["", "nowhere", "127.0.0.1:0", "256.0.0.1:2000"])
def test_without_a_daemon_nothing_fails(
    daemon: socket.socket, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    trace(PAID)
    assert silent(daemon)
