"""Every call that the bank was asked for, and every booking that it made."""

from decimal import Decimal

import msgspec

from local.bank.faults import Operation


class Call(msgspec.Struct, kw_only=True):
    """One call as the bank saw it. A status of None: the connection was cut, or no answer yet.

    Attributes:
        number: place among all calls, from 1.
        at: Unix time of arrival, seconds.
        booked: whether this call moved money; a repeat that got the first answer again did not.
    """

    number: int
    key: str
    operation: Operation
    customer_id: str
    at: float
    status: int | None = None
    booked: bool = False


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """Money moved, or an account set up: what the customer's statement would show."""

    number: int
    key: str
    operation: Operation
    customer_id: str
    reference: str
    at: float
    amount: Decimal | None = None
    fee: Decimal | None = None


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the books: everything from two places on."""

    calls: list[Call]
    bookings: list[Booking]


class Books:
    """The bank's books. Written by the desk, read over HTTP by whoever checks the system."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._bookings: list[Booking] = []

    def open_call(self, *, key: str, operation: Operation, customer_id: str, at: float) -> Call:
        """Write down that a call came in; the desk fills in how it ended."""
        call = Call(
            number=len(self._calls) + 1,
            key=key,
            operation=operation,
            customer_id=customer_id,
            at=at,
        )
        self._calls.append(call)
        return call

    def book(
        self, call: Call, *, at: float, amount: Decimal | None, fee: Decimal | None
    ) -> Booking:
        """Carry a call out. Never refuses: a second booking of a key is for the checks to find."""
        number = len(self._bookings) + 1
        booking = Booking(
            number=number,
            key=call.key,
            operation=call.operation,
            customer_id=call.customer_id,
            reference=f"BANK-{number:08d}",
            at=at,
            amount=amount,
            fee=fee,
        )
        self._bookings.append(booking)
        call.booked = True
        return booking

    def first_call_at(self, key: str) -> float | None:
        """When a key was first seen, Unix time; None if never."""
        return next((call.at for call in self._calls if call.key == key), None)

    def extract(self, *, calls_from: int = 0, bookings_from: int = 0) -> Extract:
        """The calls and bookings after these many, so that a reader can follow cheaply."""
        return Extract(calls=self._calls[calls_from:], bookings=self._bookings[bookings_from:])
