import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from errno import ECONNREFUSED
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from local.bank.client import BankError, BankProcess
from local.bank.desk import Settings
from local.bank.faults import Fault
from tests.waiting import until

ROOT = Path(__file__).parents[3]
HEADERS = {"Idempotency-Key": "payment-processing#m-1", "Authorization": "Bearer k"}
PAYMENT = {"customer_id": "c-1", "amount": "10.00", "payment_method": "card"}

PARENT = """
import time
from local.bank.client import BankProcess
from local.bank.desk import Settings
print(BankProcess.start(Settings()).url, flush=True)
time.sleep(60)
"""


@pytest.fixture
def bank() -> Iterator[BankProcess]:
    with BankProcess.start(Settings(api_key="k")) as started:
        yield started


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5.0)) as pool:
        yield pool


def pay(http: urllib3.PoolManager, bank: BankProcess) -> urllib3.BaseHTTPResponse:
    return http.request("POST", f"{bank.url}/v1/payments", json=PAYMENT, headers=HEADERS)


def test_a_payment_over_http_stands_in_the_books(
    bank: BankProcess, http: urllib3.PoolManager
) -> None:
    answer = pay(http, bank)
    books = bank.books()
    assert answer.status == 201
    assert answer.json() == {"reference": books.bookings[0].reference}
    assert [(call.key, call.status, call.booked) for call in books.calls] == [
        ("payment-processing#m-1", 201, True)
    ]


@pytest.mark.parametrize("headers", [{"Origin": "https://a.example"}, {"Host": "a.example:80"}])
def test_a_page_from_elsewhere_neither_steers_the_bank_nor_reads_its_books(
    bank: BankProcess, http: urllib3.PoolManager, headers: dict[str, str]
) -> None:
    fault = {"kind": "fail", "status": 503}
    steered = http.request("POST", f"{bank.control_url}/_bank/faults", json=fault, headers=headers)
    read = http.request("GET", f"{bank.control_url}/_bank/books", headers=headers)

    assert (steered.status, read.status) == (403, 403)
    assert not bank.faults()


def test_the_banks_own_key_is_no_argument_that_everybody_may_read() -> None:
    with BankProcess.start(Settings(api_key="not-to-be-shown")):
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "local.bank" in listed.stdout
    assert "not-to-be-shown" not in listed.stdout


def test_the_key_of_an_inquiry_is_url_encoded(bank: BankProcess, http: urllib3.PoolManager) -> None:
    pay(http, bank)
    url = f"{bank.url}/v1/transactions/payment-processing%23m-1"
    assert http.request("GET", url, headers=HEADERS).json()["status"] == "booked"


def test_a_bank_that_refuses_connections_is_steered_back_on_the_same_port(
    bank: BankProcess, http: urllib3.PoolManager
) -> None:
    assert pay(http, bank).status == 201
    bank.break_with(Fault(kind="refuse"))
    with pytest.raises(urllib3.exceptions.HTTPError):
        pay(http, bank)
    bank.heal()
    assert pay(http, bank).status == 201


def test_a_cut_connection_is_no_answer_but_the_booking_stands(
    bank: BankProcess, http: urllib3.PoolManager
) -> None:
    bank.break_with(Fault(kind="book_then_cut"))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        pay(http, bank)
    books = bank.books()
    assert [call.status for call in books.calls] == [None]
    assert len(books.bookings) == 1


def test_an_answer_after_the_clients_timeout_leaves_a_booking(bank: BankProcess) -> None:
    bank.break_with(Fault(kind="book_then_late", delay=5))
    with (
        urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(0.2)) as hasty,
        pytest.raises(urllib3.exceptions.ReadTimeoutError),
    ):
        pay(hasty, bank)
    until(lambda: len(bank.books().bookings) == 1, "the booking")


def test_a_key_rotated_while_it_runs_is_asked_for_at_once(
    bank: BankProcess, http: urllib3.PoolManager
) -> None:
    bank.set(Settings(api_key="rotated"))
    assert pay(http, bank).status == 401


def test_a_reader_follows_the_books_from_where_it_stopped(
    bank: BankProcess, http: urllib3.PoolManager
) -> None:
    pay(http, bank)
    pay(http, bank)
    later = bank.books(calls_from=1, bookings_from=1)
    assert [call.number for call in later.calls] == [2]
    assert later.bookings == []


def test_a_command_that_it_does_not_know_is_an_error_with_the_reason(bank: BankProcess) -> None:
    with urllib3.PoolManager() as http:
        url = f"{bank.control_url}/_bank/faults"
        answer = http.request("POST", url, body=json.dumps({"kind": "explode"}))
    assert answer.status == 400
    assert "explode" in answer.json()["message"]


def test_a_port_in_use_is_said_in_one_line(bank: BankProcess) -> None:
    port = int(bank.url.rsplit(":", 1)[1])
    with pytest.raises(BankError, match=r"the bank cannot start: .*in use"):
        BankProcess.start(Settings(), port=port)


def refuses(url: str) -> bool:
    """Whether nobody listens there any more."""
    place = urlsplit(url)
    with socket.socket() as connection:
        return connection.connect_ex((place.hostname or "", place.port or 0)) == ECONNREFUSED


def test_the_bank_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    url = parent.stdout.readline().decode().strip()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: refuses(url), "the end of the bank")


def test_a_bank_that_is_still_starting_is_gone_when_it_has_been_ended() -> None:
    process = BankProcess.spawn(Settings())
    BankProcess.end(process)
    assert process.poll() is not None
