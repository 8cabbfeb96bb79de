"""Between a process and the outside: what fails, what kills, what happens first."""

from collections.abc import Callable
from typing import Any

from handlers.common.errors import AwsUnavailable


class Killed(BaseException):
    """The process is gone: neither `except Exception` nor a later call sees anything of it."""


class Tap:
    """One process's calls to the outside, counted, and broken on command."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.dead = False
        self.kill_before: int | None = None
        self.kill_after: int | None = None
        self.fail: Callable[[int, str], bool] = lambda _number, _name: False
        self.before: Callable[[int, str], None] = lambda _number, _name: None

    def through(self, name: str, port: object) -> Any:  # noqa: ANN401 - stands for any port
        return _Tapped(self, name, port)

    def call(self, name: str, work: Callable[[], object]) -> object:
        if self.dead:
            raise Killed
        number = len(self.calls)
        self.calls.append(name)
        self.before(number, name)
        self._maybe_killed(self.kill_before == number)
        if self.fail(number, name):
            raise AwsUnavailable(f"{name} failed")
        result = work()
        self._maybe_killed(self.kill_after == number)
        return result

    def _maybe_killed(self, now: bool) -> None:
        if now:
            self.dead = True
            raise Killed


class _Tapped:
    def __init__(self, tap: Tap, name: str, port: object) -> None:
        self._tap, self._name, self._port = tap, name, port

    def __getattr__(self, method: str) -> Callable[..., object]:
        work = getattr(self._port, method)
        name = f"{self._name}.{method}"
        return lambda *args, **kwargs: self._tap.call(name, lambda: work(*args, **kwargs))
