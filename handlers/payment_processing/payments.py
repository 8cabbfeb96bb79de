"""A payment: its fee, what the bank is asked, what its no means."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from handlers.common.bank.client import BankRequest
from handlers.common.errors import BankRejection, ServiceError, Waiting
from handlers.common.messages.transactions import Payment

CENT = Decimal("0.01")
LONGEST_WAIT = 24 * 3600
"""Seconds that a payment waits for the customer's account before the bank's no is final."""

LONGEST_PAUSE = 900.0
"""Seconds between two looks for the account, which begin with one."""


def pause(waited: float) -> float:
    """Seconds until a payment that waits is tried again: a quarter of the time it has waited.

    A day of short ones would use up its receives, and SQS would set it aside.
    """
    return min(max(waited / 4, 1.0), LONGEST_PAUSE)


class FeeSchedule(msgspec.Struct, frozen=True):
    """A share of the amount, for amounts above a threshold."""

    threshold: Decimal
    rate: Decimal

    def fee(self, amount: Decimal) -> Decimal:
        """The fee in the payment's currency, to the cent."""
        if amount <= self.threshold:
            return Decimal("0.00")
        return (amount * self.rate).quantize(CENT, ROUND_HALF_UP)


class Payments:
    """The kind of transaction that payment-processing works off.

    Args:
        fees: When a fee is due.
        wait_for_account: Whether a payment without an account on file waits for it.
    """

    transaction_type = "payment"
    message = Payment
    id_optional = False

    def __init__(self, fees: FeeSchedule, *, wait_for_account: bool) -> None:
        self._fees, self._wait = fees, wait_for_account

    def check(self, transaction: Payment) -> None:
        """See Kind. What a payment has to be is in its type."""

    def request(self, transaction: Payment) -> BankRequest:
        """See Kind."""
        body = {
            "customer_id": transaction.customer_id,
            "amount": _money(transaction.amount),
            "fee": _money(self._fees.fee(transaction.amount)),
            "currency": transaction.currency,
            "payment_method": transaction.payment_method,
            "bill_type": transaction.bill_type,
            "due_date": transaction.due_date,
        }
        return BankRequest(
            "/v1/payments", {key: value for key, value in body.items() if value is not None}
        )

    def details(self, transaction: Payment) -> dict[str, Any]:
        """See Kind."""
        fee = self._fees.fee(transaction.amount)
        return {"amount": _money(transaction.amount), "fee": _money(fee)}

    def refused(self, rejection: BankRejection, sent_at: float, now: float) -> ServiceError:
        """See Kind."""
        missing = rejection.code == "account_not_found"
        if self._wait and missing and now - sent_at < LONGEST_WAIT:
            why = "the customer's account is not on file yet"
            return Waiting(why, pause(now - sent_at))
        return rejection


def _money(amount: Decimal) -> str:
    return format(amount.quantize(CENT), "f")
