import json
import threading
import uuid
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in bytes
PAYLOAD_LIMIT = 6 * 1024 * 1024


class ThrottledError(Exception):
    """The function's reserved concurrency is in use, or nothing."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an invocation ended. A failed one has a JSON object that says why."""

    payload: bytes
    failed: bool = False


@dataclass(kw_only=True)
class Invocation:
    """One event on its way through a worker."""

    event: bytes
    trace: str
    request: str = field(default_factory=lambda: str(uuid.uuid4()))
    begun: float = 0.0
    deadline: float = 0.0
    started: threading.Event = field(default_factory=threading.Event)
    result: "Future[Outcome]" = field(default_factory=Future)

    def finish(self, outcome: Outcome) -> bool:
        """End it. False if it had ended already: the first end counts."""
        try:
            self.result.set_result(outcome)
        except InvalidStateError:
            return False
        self.started.set()
        return True


def failure(kind: str, message: str) -> Outcome:
    """An end that the runtime itself reports, with the error's type in Lambda's own words."""
    body = {"errorType": kind, "errorMessage": message}
    return Outcome(payload=json.dumps(body).encode(), failed=True)
