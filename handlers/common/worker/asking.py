"""The bank is asked once for each transaction, whatever was lost on the way before."""

import os
from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec.structs import replace

from handlers.common.bank.answers import KEY_REUSED
from handlers.common.bank.client import Bank, Inquiry, Memory
from handlers.common.circuit.gate import Gate
from handlers.common.errors import BankRejection, Failing, OutcomeUnknown, OutOfTime
from handlers.common.ledger.entries import SKEW
from handlers.common.messages.transactions import Transaction
from handlers.common.worker.attempts import Attempt, Retry
from handlers.common.worker.kinds import Kind

T = TypeVar("T", bound=Transaction)
A = TypeVar("A")


class Asking(Generic[T]):
    """The call, and the inquiry where a call alone could book twice."""

    def __init__(
        self, kind: Kind[T], bank: Bank, gate: Gate, retry: Retry, clock: Callable[[], float]
    ) -> None:
        self._kind, self._bank, self._gate = kind, bank, gate
        self._retry, self._clock = retry, clock

    def booked(self, attempt: Attempt[T], transaction: T) -> str | None:
        """The bank's reference for what it booked, now or at an earlier call.

        Raises:
            BankRejection: It says no.
            OutcomeUnknown: An earlier call may stand booked, and the bank can no longer say.
            Failing: It did not answer as it should; `attempt.called` says what may stand booked.
            OutOfTime: Too little is left for a whole call: AWS or the inquiry took it.
        """
        request = self._kind.request(transaction)
        request = replace(request, headers=_headers(attempt))
        self._make_sure_of_time(attempt)
        attempt.journey.bank_called()
        if self._key_may_be_forgotten(attempt):
            inquiry = self._inquiry(attempt)
            if inquiry.memory is Memory.BOOKED:
                return inquiry.reference
            self._make_sure_of_time(attempt)
        try:
            return self._answer(attempt, lambda: self._bank.call(request, attempt.entry.id))
        except BankRejection as no:
            if no.code != KEY_REUSED or attempt.begun.called_before is None:
                raise
        # Our own earlier call came with another body: a fee or an image has changed between.
        return self._stands(attempt)

    def _make_sure_of_time(self, attempt: Attempt[T]) -> None:
        if self._retry.time_to_call(attempt.deadline - self._clock()) < 0:
            raise OutOfTime("too little is left for a whole call", 0.0)

    def _stands(self, attempt: Attempt[T]) -> str | None:
        inquiry = self._inquiry(attempt)
        if inquiry.memory is not Memory.BOOKED:
            raise OutcomeUnknown("the bank knows the key with another body, but no booking")
        return inquiry.reference

    def _key_may_be_forgotten(self, attempt: Attempt[T]) -> bool:
        """A call that arrives after the key's memory has ended would book once more."""
        called_at = attempt.begun.called_before
        sure = self._retry.key_memory - self._retry.bank_timeout - SKEW
        return called_at is not None and self._clock() - called_at > sure

    def _inquiry(self, attempt: Attempt[T]) -> Inquiry:
        inquiry = self._answer(attempt, lambda: self._bank.inquire(attempt.entry.id))
        if inquiry.memory is Memory.FORGOTTEN:
            raise OutcomeUnknown("called before, never answered, forgotten by the bank")
        return inquiry

    def _answer(self, attempt: Attempt[T], ask: Callable[[], A]) -> A:
        """Asks, and notes the sign of life: yes and no are both one.

        Whatever breaks from here on, the call may have left: only a sure answer takes that back.
        """
        started = self._clock()
        called, attempt.called = attempt.called, True
        try:
            answer = ask()
        except BankRejection:
            attempt.called = called
            self._alive(attempt, started)
            raise
        except Failing as failing:
            attempt.called = called or failing.sent
            raise
        self._alive(attempt, started)
        return answer

    def _alive(self, attempt: Attempt[T], started: float) -> None:
        seconds = self._clock() - started
        attempt.journey.bank_answered(seconds)
        self._gate.succeeded(attempt.circuit, attempt.group, seconds)


def _headers(attempt: Attempt[T]) -> dict[str, str]:
    headers = {"X-Correlation-Id": attempt.delivery.correlation_id}
    # The publisher's trace where there is one, else the one that Lambda began for this invocation.
    root = attempt.delivery.trace_id
    trace = f"Root={root}" if root else os.environ.get("_X_AMZN_TRACE_ID", "")
    if trace:
        headers["X-Amzn-Trace-Id"] = trace
    return headers
