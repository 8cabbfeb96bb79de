"""Lambda's entry point."""

import pytest

from handlers.subscription_manager import app
from handlers.subscription_manager.answers import Heard


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[object, float]] = []

    def handle(self, event: object, deadline: float) -> Heard:
        self.calls.append((event, deadline))
        return Heard(heard=1)


def test_the_event_is_handled_with_a_deadline_short_of_the_invocations_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(app, "manager", lambda: recorder)
    monkeypatch.setattr(app.time, "time", lambda: 1000.0)

    assert app.handler({"action": "status"}, Context()) == {"heard": 1}
    assert recorder.calls == [({"action": "status"}, 1060.0 - app.RESERVE)]
