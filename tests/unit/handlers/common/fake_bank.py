"""A bank that books once for each key, and fails as a test says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handlers.common.bank.client import BankRequest, Inquiry, Memory
from handlers.common.errors import AwsUnavailable, BankRejection, BankUnavailable
from tests.unit.handlers.common.figures import RETRY

FAILURES: Mapping[str, Callable[[], Exception]] = {
    "402": lambda: BankRejection("insufficient_funds", "the bank answered 402"),
    "no_account": lambda: BankRejection("account_not_found", "the bank answered 422"),
    "key_reused": lambda: BankRejection("idempotency_key_reused", "the bank answered 422"),
    "500": lambda: BankUnavailable("the bank answered 500", sent=True, status=500),
    "429": lambda: BankUnavailable("the bank answered 429", 500_000, sent=True, status=429),
    "refused": lambda: BankUnavailable("no connection"),
    "no key": lambda: AwsUnavailable("reading the bank's key failed: ResourceNotFoundException"),
    "defect": lambda: ZeroDivisionError("account 12345678"),
}
"""What a call fails with, by the word of a script."""


@dataclass
class FakeBank:
    """Books once for each key that it remembers; scripted where a test says so."""

    clock: Callable[[], float]
    key_memory: float = RETRY.key_memory
    can_say: bool = True
    script: list[str] = field(default_factory=list[str])
    always: dict[str, str] = field(default_factory=dict[str, str])
    booked: list[str] = field(default_factory=list[str])
    called: list[str] = field(default_factory=list[str])
    requests: list[BankRequest] = field(default_factory=list[BankRequest])
    inquired: list[str] = field(default_factory=list[str])
    first_call: dict[str, float] = field(default_factory=dict[str, float])

    def call(self, request: BankRequest, key: str) -> str:
        self.called.append(key)
        self.requests.append(request)
        how = self.always.get(request.body["customer_id"]) or (
            self.script.pop(0) if self.script else "ok"
        )
        if failure := FAILURES.get(how):
            raise failure()
        remembered = self.clock() - self.first_call.get(key, -1e18) < self.key_memory
        if not remembered:
            self.first_call[key] = self.clock()
            self.booked.append(key)
        if how == "booked, then cut":
            raise BankUnavailable("no answer", sent=True)
        return f"ref-{self.booked.index(key)}"

    def inquire(self, key: str) -> Inquiry:
        self.inquired.append(key)
        if not self.can_say:
            return Inquiry(Memory.FORGOTTEN)
        if key in self.booked:
            return Inquiry(Memory.BOOKED, f"ref-{self.booked.index(key)}")
        return Inquiry(Memory.NOT_BOOKED)

    def check_health(self) -> None:
        """Always well."""
