"""Every call to the outside, and the fault that a test puts there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from handlers.common.errors import AwsUnavailable, BankUnavailable


class Killed(BaseException):
    """The process ends here, without a word."""


@dataclass
class Fault:
    """What happens at one call to the outside, counted from 1, or at every call of a name."""

    at: int
    after: bool
    kill: bool
    on: str = ""


class Tap:
    """Passes every call to the outside on, and meets the faults that are set for it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.faults: list[Fault] = []

    def fail(self, name: str) -> None:
        """Every call of this name fails from now on."""
        self.faults = [Fault(0, after=False, kill=False, on=name)]

    def kill(self, name: str, *, after: bool = False) -> None:
        """The process dies at the next call of this name, before or after its effect."""
        self.faults = [Fault(0, after=after, kill=True, on=name)]

    def __call__(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is called
        self.calls.append(name)
        fault = next((f for f in self.faults if len(self.calls) == f.at or name == f.on), None)
        if fault is None:
            return call()
        if fault.after:
            call()
        if fault.kill:
            raise Killed
        if name.startswith("bank."):
            raise BankUnavailable("no answer", sent=True)
        raise AwsUnavailable(f"{name} failed")


class Tapped:
    """Anything, with its methods through a Tap."""

    def __init__(self, inner: object, name: str, tap: Tap) -> None:
        self._inner, self._name, self._tap = inner, name, tap

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is wrapped
        method = getattr(self._inner, name)

        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever is wrapped
            return self._tap(f"{self._name}.{name}", lambda: method(*given, **named))

        return call

    def __call__(self, *given: Any) -> Any:  # noqa: ANN401 - whatever is wrapped
        return self._tap(self._name, lambda: cast("Any", self._inner)(*given))
