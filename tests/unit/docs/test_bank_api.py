"""What the API's page says of the bank, beside the code that asks it and reads its answers."""

import re
from collections.abc import Iterable
from decimal import Decimal

import pytest

from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.bank.answers import (
    BUSINESS_CODES,
    KEY_REUSED,
    UNAVAILABLE,
    Answer,
    failure,
    rejection,
)
from handlers.common.bank.client import BankRequest, Memory
from handlers.common.errors import BankRejection, BankUnavailable, Misconfigured
from handlers.common.messages.transactions import BankAccountSetup, Payment
from handlers.payment_processing.payments import FeeSchedule, Payments
from tests.unit.docs.pages import ROOT, section

TEXT = section(ROOT / "docs" / "api.md", "The bank")
ROWS = dict(re.findall(r"^\| (.+?) \| (.+) \|$", TEXT, re.MULTILINE))
FEES = FeeSchedule(threshold=Decimal(100), rate=Decimal("0.025"))


def meaning(status: int, code: str = "") -> type[Exception]:
    """What an answer of the bank means to the worker."""
    answer = Answer(status, {"code": code}, None)
    return type(rejection(answer) or failure(answer))


def row(begins: str) -> str:
    """The left cell of the row whose meaning begins so."""
    return next(cell for cell, told in ROWS.items() if told.startswith(begins))


def statuses(cell: str) -> Iterable[int]:
    return [int(status) for status in re.findall(r"\b[1-5]\d\d\b", cell)]


def test_the_customers_no_is_the_one_of_the_page() -> None:
    assert {meaning(status) for status in statuses(row("rejected: "))} == {BankRejection}
    assert {meaning(404, code) for code in BUSINESS_CODES} == {BankRejection}
    assert set(re.findall(r"`([a-z]+_[a-z_]+)`", row("rejected as well"))) == BUSINESS_CODES


def test_an_unwell_bank_is_the_one_of_the_page() -> None:
    cell = row("unavailable")
    assert {meaning(status) for status in (500, 503, 599, *statuses(cell))} == {BankUnavailable}
    assert set(statuses(cell)) == UNAVAILABLE | {409}


def test_asking_wrongly_is_the_rest_of_the_page() -> None:
    named_elsewhere = {
        status for begins in ("rejected: ", "unavailable") for status in statuses(row(begins))
    }
    rest = set(range(300, 500)) - named_elsewhere
    assert {meaning(status) for status in rest} == {Misconfigured}
    assert set(statuses(row("the secret"))) <= rest


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        (
            "`POST /v1/bank-accounts` with `Idempotency-Key`",
            BankAccounts(verify_checksum=False).request(
                BankAccountSetup(
                    message_id="m-1",
                    customer_id="c-1",
                    routing_number="021000021",
                    account_number="987654321",
                )
            ),
        ),
        (
            "`POST /v1/payments` with `Idempotency-Key`",
            Payments(FEES, wait_for_account=False).request(
                Payment(
                    message_id="m-1",
                    customer_id="c-1",
                    amount=Decimal("1.00"),
                    payment_method="card",
                    bill_type="water",
                    due_date="2026-12-01",
                )
            ),
        ),
    ],
)
def test_a_request_has_the_fields_of_the_page(cell: str, asked: BankRequest) -> None:
    assert set(re.findall(r"`(\w+)`", ROWS[cell])) == set(asked.body)
    assert asked.path in cell


def test_what_the_bank_remembers_of_a_key_is_named() -> None:
    assert {*Memory, KEY_REUSED} <= set(re.findall(r"`([^`]+)`", TEXT))
