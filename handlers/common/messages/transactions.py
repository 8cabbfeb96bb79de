"""Transactions as they arrive on the topic, and how they are read.

The JSON Schema of the API page is generated from these types. No text of an error holds a value of
the message: it may be an account number.
"""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

import msgspec

from handlers.common.errors import InvalidMessage

END = r"(?![\s\S])"
"""The end of a text, in Python and in JSON Schema; `$` alone lets a line feed follow."""

Id = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,128}" + END)]
"""What SQS takes as a group or deduplication id.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
LARGEST_AMOUNT = Decimal(1_000_000)
Amount = Annotated[
    Decimal,
    msgspec.Meta(
        extra_json_schema={
            "pattern": r"^(?=.*[1-9])([0-9]{1,6}(\.[0-9]{1,2})?|1000000(\.00?)?)$",
            "exclusiveMinimum": 0,
            "maximum": int(LARGEST_AMOUNT),
        }
    ),
]
"""Money, as text or number; the schema tells senders what `Payment` itself makes sure of."""


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What every transaction has. Fields that nobody knows are kept in the body and ignored."""

    message_id: Id
    customer_id: Id
    timestamp: str | None = None
    message_group_id: str | None = None


class BankAccountSetup(Transaction, frozen=True, kw_only=True):
    """A customer gives the account that payments are taken from."""

    transaction_type: Literal["bank_account_setup"] = "bank_account_setup"
    routing_number: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{9}" + END)]
    account_number: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,17}" + END)]
    account_type: Literal["checking", "savings"] = "checking"


class Payment(Transaction, frozen=True, kw_only=True):
    """A customer pays a bill."""

    transaction_type: Literal["payment"] = "payment"
    amount: Amount
    payment_method: Text
    bill_type: Text | None = None
    due_date: Text | None = None
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}" + END)] = "USD"

    def __post_init__(self) -> None:
        """Amounts are money: positive, at most two decimals, bounded."""
        if not self.amount.is_finite() or not 0 < self.amount <= LARGEST_AMOUNT:
            raise ValueError(f"amount must be above 0 and at most {LARGEST_AMOUNT}")
        if self.amount != round(self.amount, 2):
            raise ValueError("amount must have at most two decimals")


class Envelope(msgspec.Struct, frozen=True, rename="pascal"):
    """An SNS notification, where raw delivery is off.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    """

    type: Literal["Notification"]
    topic_arn: str
    message: str
    message_attributes: dict[str, dict[str, str]] = {}


T = TypeVar("T", bound=Transaction)


def opened(body: str) -> tuple[str, dict[str, str]]:
    """The message in an SQS body, and the attributes of the SNS envelope if it was in one."""
    if '"TopicArn"' not in body:
        return body, {}
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return body, {}
    values = {key: item.get("Value", "") for key, item in envelope.message_attributes.items()}
    return envelope.message, values


def decoded(body: str | bytes, kind: type[T]) -> T:
    """The transaction in a JSON text.

    Raises:
        InvalidMessage: With the place and the rule, never with the value.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidMessage("invalid_message", without_values(str(error))) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise InvalidMessage("unreadable_message", "the body is not JSON") from None


class Claimed(msgspec.Struct, frozen=True):
    """Whom a refused message says that it is about; None where it does not say so properly."""

    message_id: str | None = None
    customer_id: str | None = None


def claimed(body: str) -> Claimed:
    """The ids in a message that breaks the contract elsewhere."""
    try:
        fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Claimed()
    return Claimed(_id(fields.get("message_id")), _id(fields.get("customer_id")))


def _id(value: msgspec.Raw | None) -> str | None:
    try:
        return None if value is None else msgspec.json.decode(value, type=Id)
    except (msgspec.DecodeError, UnicodeError):
        return None


def without_values(text: str) -> str:
    """The text of a validation error with the place and the rule, and nothing of the message."""
    rule, _, place = text.rpartition(" - at ")
    if rule.startswith("Invalid enum value"):
        return f"Not one of the allowed values - at {place}"
    return text
