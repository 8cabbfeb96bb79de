import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from local.compute.invocation import Invocation, Outcome, ThrottledError, failure
from local.compute.settings import FunctionSettings
from local.compute.worker import Worker

# Seconds. Lambda gives ten; a loaded laptop is slower than Lambda's hosts.
INITIAL_SECONDS = 30.0


class Host(Protocol):
    """What a function needs of the machine it runs on."""

    def launch(self, worker: Worker, ended: Callable[[int], None]) -> None:
        """Start the worker's process; `ended` is called with its exit status."""
        ...

    def kill(self, worker: Worker) -> None:
        """End the worker's process at once."""
        ...

    def note(self, worker: Worker, line: str) -> None:
        """Add a line of Lambda's own to the worker's log."""
        ...

    def count(self, function: str, *, seconds: float, failed: bool, running: int) -> None:
        """Count an invocation that ended."""
        ...

    def count_throttle(self, function: str) -> None:
        """Count an invocation that was refused."""
        ...


class Function:
    """A function's queue of events and its workers, started as they are needed.

    At most `limit` workers run; more events wait, where Lambda would start more of them.
    """

    def __init__(self, settings: FunctionSettings, host: Host, limit: int) -> None:
        self.settings = settings
        self.limit = limit
        self._host = host
        self._changed = threading.Condition()
        self._pending: deque[Invocation] = deque()
        self._workers: dict[str, Worker] = {}
        self._waiting = 0
        self._running = 0

    def invoke(self, event: bytes, trace: str) -> Outcome:
        """Run one event and wait for its end.

        Raises:
            ThrottledError: as many run already as the function has reserved for itself.
        """
        invocation = Invocation(event=event, trace=trace)
        with self._changed:
            reserved = self.settings.reserved
            if reserved is not None and self._running >= reserved:
                self._host.count_throttle(self.settings.name)
                raise ThrottledError(self.settings.name)
            self._running += 1
            running = self._running
            self._pending.append(invocation)
            self._changed.notify()
        try:
            self._start_if_needed()
            outcome = self._await(invocation)
        finally:
            with self._changed:
                self._running -= 1
        seconds = time.monotonic() - invocation.begun if invocation.begun else 0.0
        self._host.count(
            self.settings.name, seconds=seconds, failed=outcome.failed, running=running
        )
        return outcome

    def warm(self) -> None:
        """Start a worker before the first event needs one."""
        self._start_if_needed(at_least=1)

    def update(self, settings: FunctionSettings) -> None:
        """Take new settings: workers with old ones finish what they do and end."""
        with self._changed:
            renewed = settings.revision != self.settings.revision
            self.settings = settings
        if renewed:
            self.retire(older_than=0.0)
            self.warm()

    def retire(self, *, older_than: float) -> None:
        """Let workers end that were started so many seconds ago, once they are idle."""
        with self._changed:
            for worker in self._workers.values():
                worker.retired = worker.retired or time.monotonic() - worker.born >= older_than
            self._changed.notify_all()

    def stop(self) -> None:
        """Fail what waits and take nothing more."""
        with self._changed:
            self.limit = 0
            pending = list(self._pending)
            self._pending.clear()
        for invocation in pending:
            invocation.finish(failure("Runtime.Unavailable", "the function is gone"))
        self.retire(older_than=0.0)

    def worker(self, name: str) -> Worker | None:
        """A worker by its name, while it lives."""
        return self._workers.get(name)

    def take(self, worker: Worker) -> Invocation | None:
        """Wait for the worker's next event. None when it is to end."""
        with self._changed:
            self._release(worker)
            self._waiting += 1
        self._start_if_needed()
        with self._changed:
            self._changed.wait_for(lambda: self._pending or worker.retired or not worker.alive)
            self._waiting -= 1
            if worker.retired or not worker.alive:
                self._changed.notify()
                return None
            invocation = worker.current = self._pending.popleft()
        invocation.begun = time.monotonic()
        invocation.deadline = time.time() + worker.settings.timeout
        invocation.started.set()
        self._host.note(worker, f"START RequestId: {invocation.request} Version: $LATEST")
        return invocation

    def complete(self, worker: Worker, request: str, outcome: Outcome) -> bool:
        """End the worker's current event. False if that is not the one, or it has ended."""
        invocation = worker.current
        if invocation is None or invocation.request != request:
            return False
        milliseconds = (time.monotonic() - invocation.begun) * 1000
        self._host.note(worker, f"END RequestId: {request}")
        self._host.note(
            worker,
            f"REPORT RequestId: {request}\tDuration: {milliseconds:.2f} ms\t"
            f"Billed Duration: {int(milliseconds) + 1} ms\t"
            f"Memory Size: {worker.settings.memory} MB",
        )
        return invocation.finish(outcome)

    def _release(self, worker: Worker) -> None:
        worker.current = None
        worker.ready = True
        if worker.overdue is not None:
            worker.overdue.cancel()

    def _await(self, invocation: Invocation) -> Outcome:
        invocation.started.wait()
        remaining = invocation.deadline - time.time()
        try:
            return invocation.result.result(max(0.0, remaining))
        except TimeoutError:
            self._time_out(invocation)
            return invocation.result.result()

    def _time_out(self, invocation: Invocation) -> None:
        for worker in list(self._workers.values()):
            if worker.current is invocation:
                limit = f"Task timed out after {worker.settings.timeout}.00 seconds"
                message = f"RequestId: {invocation.request} Error: {limit}"
                if invocation.finish(failure("Sandbox.Timedout", message)):
                    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                    self._host.note(worker, f"{moment} {invocation.request} {limit}")
                    self._host.kill(worker)
                return

    def _start_if_needed(self, at_least: int = 0) -> None:
        with self._changed:
            wanted = max(len(self._pending) - self._waiting, at_least - len(self._workers))
            starting = any(not worker.ready for worker in self._workers.values())
            # One cold start at a time: many at once would only share the machine's few cores.
            if wanted <= 0 or starting or len(self._workers) >= self.limit:
                return
            worker = Worker(settings=self.settings)
            worker.overdue = threading.Timer(INITIAL_SECONDS, self._host.kill, [worker])
            worker.overdue.daemon = True
            self._workers[worker.name] = worker
        worker.overdue.start()
        try:
            self._host.launch(worker, lambda status: self._ended(worker, status))
        except Exception as error:  # noqa: BLE001 - any reason is the invocation's answer
            worker.initial_error = failure("Runtime.InvalidEntrypoint", repr(error))
            self._ended(worker, 1)

    def _ended(self, worker: Worker, status: int) -> None:
        reason = f"exit status {status}" if status >= 0 else f"signal {-status}"
        with self._changed:
            worker.alive = False
            if worker.overdue is not None:
                worker.overdue.cancel()
            self._workers.pop(worker.name, None)
            invocation = worker.current
            if not worker.ready and not worker.retired and self._pending:
                invocation = self._pending.popleft()
            self._changed.notify_all()
        if invocation is not None:
            message = f"RequestId: {invocation.request} Error: Runtime exited with error: {reason}"
            invocation.finish(worker.initial_error or failure("Runtime.ExitError", message))
        self._start_if_needed()
