"""Where a TLS connection to the bank breaks decides whether something may be booked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from handlers.common.bank.client import BankRequest, HttpBank
from handlers.common.errors import BankUnavailable
from tests.unit.handlers.common.bank.scripted_bank import bank_at, hang_up

Serve = Callable[[socket.socket], None]
REQUEST = BankRequest("/v1/payments", {"customer_id": "c1"})
NO_RECORD = b"\x17\x03\x03\x00\x20" + b"x" * 32
"""Looks like a TLS record, and no key opens it."""
BOOKED = b'HTTP/1.1 201 Created\r\nContent-Length: 17\r\n\r\n{"reference":"r"}'


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The only one that this process trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def context(authority: trustme.CA) -> ssl.SSLContext:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    return server


@pytest.fixture
def bank_behind() -> Iterator[Callable[[Serve], HttpBank]]:
    """A bank at a server that takes one connection and does with it what the test says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        threads: list[threading.Thread] = []
        banks: list[HttpBank] = []

        def behind(serve: Serve) -> HttpBank:
            def take() -> None:
                with listener.accept()[0] as connection:
                    connection.settimeout(5)
                    serve(connection)

            threads.append(threading.Thread(target=take))
            threads[0].start()
            banks.append(bank_at(f"https://localhost:{listener.getsockname()[1]}"))
            return banks[0]

        yield behind
        hang_up(banks[0])
        threads[0].join()


def failing(bank: HttpBank) -> BankUnavailable:
    with pytest.raises(BankUnavailable) as failing:
        bank.call(REQUEST, "payment-processing#m1")
    return failing.value


def received(connection: socket.socket, authority: trustme.CA) -> ssl.SSLSocket:
    """The connection after the handshake and the whole request."""
    secured = context(authority).wrap_socket(connection, server_side=True)
    head, _, body = secured.recv(65536).partition(b"\r\n\r\n")
    while head and not body.endswith(b"}"):
        body += secured.recv(65536)
    return secured


def test_a_call_goes_through_over_tls(
    bank_behind: Callable[[Serve], HttpBank], authority: trustme.CA
) -> None:
    def books(connection: socket.socket) -> None:
        with received(connection, authority) as secured:
            secured.sendall(BOOKED)

    assert bank_behind(books).call(REQUEST, "payment-processing#m1") == "r"


def _speaks_no_tls(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _closes(connection: socket.socket) -> None:
    connection.recv(65536)


def _resets(connection: socket.socket) -> None:
    connection.recv(1)


def _is_silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize("serve", [_speaks_no_tls, _closes, _resets, _is_silent])
def test_a_handshake_that_fails_has_surely_booked_nothing(
    bank_behind: Callable[[Serve], HttpBank], serve: Serve
) -> None:
    assert not failing(bank_behind(serve)).sent


@pytest.mark.usefixtures("authority")
def test_a_bank_that_is_not_trusted_has_surely_booked_nothing_and_the_error_says_why(
    bank_behind: Callable[[Serve], HttpBank],
) -> None:
    def another(connection: socket.socket) -> None:
        with pytest.raises(ssl.SSLError):
            context(trustme.CA()).wrap_socket(connection, server_side=True)

    error = failing(bank_behind(another))
    assert not error.sent
    assert "SSLCertVerificationError" in str(error)


@pytest.mark.parametrize("last", [b"", NO_RECORD], ids=["cut", "garbled"])
def test_a_connection_that_breaks_under_the_answer_may_have_booked(
    bank_behind: Callable[[Serve], HttpBank], authority: trustme.CA, last: bytes
) -> None:
    def breaks(connection: socket.socket) -> None:
        with socket.socket(fileno=received(connection, authority).detach()) as bare:
            bare.sendall(last)

    assert failing(bank_behind(breaks)).sent


@pytest.mark.parametrize("at_once", [0, BOOKED.index(b"{")], ids=["all of it", "its body"])
def test_an_answer_that_comes_in_drops_has_no_longer_than_one_that_comes_at_once(
    bank_behind: Callable[[Serve], HttpBank], authority: trustme.CA, at_once: int
) -> None:
    """Each drop in time, and all of them too late: the function would be ended first."""

    def drips(connection: socket.socket) -> None:
        with suppress(OSError), received(connection, authority) as secured:
            secured.sendall(BOOKED[:at_once])
            for byte in BOOKED[at_once:]:
                time.sleep(0.05)
                secured.sendall(bytes([byte]))

    assert failing(bank_behind(drips)).sent
