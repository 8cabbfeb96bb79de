import json
from decimal import Decimal

import pytest

from handlers.common.errors import BankRejection, Rejection, Waiting
from handlers.common.messages.transactions import Payment, decoded
from handlers.payment_processing.payments import LONGEST_PAUSE, LONGEST_WAIT, FeeSchedule, Payments

FEES = FeeSchedule(Decimal(100), Decimal("0.025"))


def payment(**changes: object) -> Payment:
    body = {"message_id": "m1", "customer_id": "c1", "amount": "120", "payment_method": "bank"}
    return decoded(json.dumps(body | changes), Payment)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0.01", "0.00"),
        ("100", "0.00"),
        ("100.00", "0.00"),
        ("100.01", "2.50"),
        ("100.20", "2.51"),
        ("101", "2.53"),
        ("1000000", "25000.00"),
    ],
)
def test_the_fee_is_due_above_the_threshold_and_rounded_to_the_cent(amount: str, fee: str) -> None:
    assert str(FEES.fee(Decimal(amount))) == fee


def test_the_bank_is_asked_in_decimals_and_without_what_is_not_known() -> None:
    request = Payments(FEES, wait_for_account=False).request(payment(bill_type="water"))
    assert request.path == "/v1/payments"
    assert request.body == {
        "customer_id": "c1",
        "amount": "120.00",
        "fee": "3.00",
        "currency": "USD",
        "payment_method": "bank",
        "bill_type": "water",
    }


def test_the_outcome_tells_amount_and_fee() -> None:
    kind = Payments(FEES, wait_for_account=False)
    assert kind.details(payment(amount="1e2")) == {"amount": "100.00", "fee": "0.00"}


@pytest.mark.parametrize(
    ("code", "wait", "age", "waits"),
    [
        ("account_not_found", True, 0, True),
        ("account_not_found", True, LONGEST_WAIT, False),
        ("account_not_found", False, 0, False),
        ("insufficient_funds", True, 0, False),
    ],
)
def test_a_missing_account_is_waited_for_as_configured(
    code: str, age: float, *, wait: bool, waits: bool
) -> None:
    kind = Payments(FEES, wait_for_account=wait)
    meaning = kind.refused(BankRejection(code), 1_000.0, 1_000.0 + age)
    assert isinstance(meaning, Waiting if waits else Rejection)


def test_a_payment_that_waits_the_whole_time_keeps_most_of_its_receives() -> None:
    """SQS itself sets a message aside after `maxReceiveCount`, a thousand."""
    kind, age, receives = Payments(FEES, wait_for_account=True), 0.0, 0
    while isinstance(
        meaning := kind.refused(BankRejection("account_not_found"), 0.0, age), Waiting
    ):
        assert meaning.delay is not None
        age += meaning.delay
        receives += 1
    assert LONGEST_WAIT <= age < LONGEST_WAIT + LONGEST_PAUSE
    assert receives < 200


def test_an_account_that_comes_soon_after_its_payment_is_found_soon() -> None:
    kind = Payments(FEES, wait_for_account=True)
    for age in (-1.0, 0.0, 3.0):
        waiting = kind.refused(BankRejection("account_not_found"), 100.0, 100.0 + age)
        assert isinstance(waiting, Waiting)
        assert waiting.delay == 1.0
