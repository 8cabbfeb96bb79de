"""What can be wrong with the bank, on command."""

from collections.abc import Iterable
from email.utils import formatdate
from typing import Literal

import msgspec

Operation = Literal["payments", "bank-accounts", "orders", "transactions"]
Kind = Literal["fail", "slow", "refuse", "cut", "book_then_fail", "book_then_cut", "book_then_late"]


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which calls go wrong, and the calls that it hits.

    Attributes:
        kind: `fail` answers with `status`; `slow` waits `delay` and then does its work; `refuse`
            closes the port; `cut` closes the connection without an answer. The `book_then_...`
            kinds book first: then an error, a cut connection, or an answer after `delay`.
        status: HTTP status of `fail` and `book_then_fail`.
        code: machine-readable code in the error's body.
        retry_after: seconds for the Retry-After header; None leaves it out.
        retry_after_as: the header's form (RFC 9110, section 10.2.3 allows both).
        delay: seconds.
        customer: only calls for this customer; None hits everyone.
        operation: only this operation; None hits all.
        calls: how many calls are hit before the fault is used up; None has no end.
    """

    kind: Kind
    status: int = 503
    code: str = "unavailable"
    retry_after: float | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    delay: float = 0.0
    customer: str | None = None
    operation: Operation | None = None
    calls: int | None = None

    def hits(self, operation: Operation, customer: str) -> bool:
        """Whether a call of this operation for this customer meets the fault."""
        return self.operation in (None, operation) and self.customer in (None, customer)

    def headers(self, now: float) -> dict[str, str]:
        """The headers of the failing answer; `now` is Unix time in seconds."""
        if self.retry_after is None:
            return {}
        if self.retry_after_as == "date":
            return {"Retry-After": formatdate(now + self.retry_after, usegmt=True)}
        return {"Retry-After": f"{self.retry_after:.0f}"}


def fault_of_test_id(customer: str, slow_delay: float) -> Fault | None:
    """The fault that a customer id asks for by its text: the test ids of this system."""
    if "ERROR400" in customer:
        return Fault(kind="fail", status=400, code="invalid")
    if "ERROR500" in customer:
        return Fault(kind="fail", status=500, code="internal")
    if "SLOW" in customer:
        return Fault(kind="slow", delay=slow_delay)
    return None


class Faults:
    """The faults in force, the oldest first: the first that fits a call decides it."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Put one more fault in force."""
        self._faults.append((fault, fault.calls))

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these faults in force, and no other."""
        self._faults = [(fault, fault.calls) for fault in faults]

    def in_force(self) -> list[Fault]:
        """The faults, each with the calls that it has left."""
        return [msgspec.structs.replace(fault, calls=left) for fault, left in self._faults]

    def take(self, operation: Operation, customer: str) -> Fault | None:
        """The fault that this call meets; it has one call less from then on."""
        for place, (fault, left) in enumerate(self._faults):
            if fault.kind != "refuse" and fault.hits(operation, customer):
                if left is not None:
                    self._faults[place] = (fault, left - 1)
                    if left <= 1:
                        del self._faults[place]
                return fault
        return None

    def refusing(self) -> bool:
        """Whether the port is to be closed."""
        return any(fault.kind == "refuse" for fault, _ in self._faults)

    def outage(self) -> Fault | None:
        """A fault that hits every customer: what an honest health endpoint tells."""
        return next((fault for fault, _ in self._faults if fault.customer is None), None)
