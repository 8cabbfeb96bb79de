"""The bodies that the bank takes, and what it finds wrong with them."""

import hashlib
from decimal import Decimal
from typing import Annotated

import msgspec

from local.bank.faults import Operation

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Body of POST /v1/payments. Fields that the bank does not know are ignored."""

    customer_id: Text
    amount: Decimal
    payment_method: Text
    fee: Decimal = Decimal(0)
    currency: Text = "USD"


class BankAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Body of POST /v1/bank-accounts."""

    customer_id: Text
    routing_number: Annotated[str, msgspec.Meta(pattern=r"^\d{9}$")]
    account_number: Annotated[str, msgspec.Meta(pattern=r"^\d{4,17}$")]
    account_type: Text = "checking"


class OtherOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Body of POST /v1/orders: anything else that is done for a customer, by its kind."""

    customer_id: Text
    kind: Text


Order = Payment | BankAccount | OtherOrder

BODIES: dict[str, type[Order]] = {
    "payments": Payment,
    "bank-accounts": BankAccount,
    "orders": OtherOrder,
}


class InvalidOrderError(ValueError):
    """The body is not an order; the text says what is wrong with it."""


def read_order(operation: Operation, body: bytes) -> Order:
    """Decode and judge a body.

    Raises:
        InvalidOrderError: it is no JSON, a field is missing or of the wrong form, or an amount is
            not above zero.
    """
    try:
        order: Order = msgspec.json.decode(body, type=BODIES[operation])
    except msgspec.DecodeError as error:
        raise InvalidOrderError(str(error)) from error
    if isinstance(order, Payment) and not (
        order.amount.is_finite() and order.fee.is_finite() and order.amount > 0 and order.fee >= 0
    ):
        raise InvalidOrderError("amount must be above zero and fee must not be negative")
    return order


def customer_of(body: bytes) -> str:
    """The customer of a body that may be anything; empty where it names none."""
    try:
        return msgspec.json.decode(body, type=_Customer).customer_id
    except msgspec.DecodeError:
        return ""


def fingerprint(body: bytes) -> str:
    """The same for two bodies that say the same, whatever the order of their fields."""
    canonical = msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    return hashlib.sha256(canonical).hexdigest()


class _Customer(msgspec.Struct, frozen=True):
    customer_id: str = ""
