import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from botocore.exceptions import BotoCoreError, ClientError

from local.compute.code import Resolver, handler_of_service
from local.compute.function import Function
from local.compute.logs import Logs
from local.compute.metrics import Metrics
from local.compute.nursery import Launcher, Nursery
from local.compute.output import Output
from local.compute.poller import Poller
from local.compute.roles import RoleSessions
from local.compute.schedules import Schedules
from local.compute.server import Server
from local.compute.settings import FunctionSettings, MappingSettings
from local.compute.worker import Worker
from local.emulator import Emulator
from local.stopping import Running

_log = logging.getLogger(__name__)
# Seconds between two looks at the account. An emulator that tells of changes is looked at at once,
# and one whose mappings are between two states soon.
LOOK = 1.0
_LOOK_SOON = 0.1
WORKERS = 4
# Seconds after which an idle worker is replaced: its credentials last an hour.
_LIFETIME = 40 * 60.0


class Runner(Running):
    """Runs the functions of an emulated account: invocations, queues' mappings and schedules.

    It watches the account, so it does not matter who creates a function or a mapping, nor when.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - `start` has them by name
        self,
        emulator: Emulator,
        directory: Path,
        turn: float,
        resolver: Resolver,
        workers: int,
        launcher: Launcher | None,
    ) -> None:
        self._emulator = emulator
        self._resolver = resolver
        self._workers = workers
        session = emulator.session()
        self._nursery = launcher or Nursery()
        self._roles = RoleSessions(emulator)
        self._lambda = session.client("lambda")
        self._sqs = session.client("sqs")
        self._logs = Logs(self._roles, directory)
        self._metrics = Metrics(session.client("cloudwatch"))
        self._functions: dict[str, Function] = {}
        self._pollers: dict[str, Poller] = {}
        self._looking = threading.Lock()
        self._due = threading.Event()
        self._server = Server(self._find_function, self._find_worker, self._due.set)
        self._schedules = Schedules(session.client("scheduler"), self._roles, turn)
        self._stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="runner", daemon=True)

    @classmethod
    def start(  # noqa: PLR0913 - what can be put in the place of Lambda's own
        cls,
        emulator: Emulator,
        directory: Path,
        turn: float,
        *,
        resolver: Resolver = handler_of_service,
        workers: int = WORKERS,
        launcher: Launcher | None = None,
    ) -> Self:
        """Start running what the account has and will have.

        Args:
            emulator: a running one.
            directory: where each function's output is kept.
            turn: seconds between two calls of each schedule's target.
            resolver: which code a function runs, from its environment.
            workers: the most processes of one function.
            launcher: starts and ends them; processes of this machine if None.
        """
        runner = cls(emulator, directory.resolve(), turn, resolver, workers, launcher)
        emulator.run_functions_at(f"http://{runner._server.address}")
        runner._watcher.start()
        return runner

    def check(self) -> None:
        """Raise EndedError if functions cannot be run any more."""
        self._nursery.check()

    def stop(self) -> None:
        """End every process. Batches in flight have a few seconds to finish."""
        self._stopped.set()
        self._due.set()
        self._schedules.stop()
        self._watcher.join()
        for poller in self._pollers.values():
            poller.stop()
        for poller in self._pollers.values():
            poller.join()
        for function in self._functions.values():
            function.stop()
        self._nursery.stop()
        self._logs.stop()
        self._metrics.stop()
        try:
            self._emulator.run_functions_at(None)
        except OSError:
            _log.info("the emulator is gone already")
        self._server.stop()

    # What a Function needs of its host.

    def launch(self, worker: Worker, ended: Callable[[int], None]) -> None:
        """Start a worker's process under its function's role, with its output read here."""
        settings = worker.settings
        code = self._resolver(settings.environment)
        environment = {
            **worker.environment(self._server.address, code),
            "AWS_REGION": self._emulator.region,
            "AWS_DEFAULT_REGION": self._emulator.region,
            "AWS_ENDPOINT_URL": self._emulator.endpoint,
            "AWS_CA_BUNDLE": str(self._emulator.ca_bundle),
            **self._roles.environment(settings.role, settings.name),
        }
        worker.output = output = Output(lambda line: self._keep(worker, line))

        def end(status: int) -> None:
            output.close()
            ended(status)

        self._nursery.spawn(worker.name, code, environment, output.descriptor, end)

    def kill(self, worker: Worker) -> None:
        """End a worker's process at once."""
        self._nursery.kill(worker.name)

    def note(self, worker: Worker, line: str) -> None:
        """Add a line to a worker's log."""
        if worker.output is not None:
            worker.output.write(line)

    def count(self, function: str, *, seconds: float, failed: bool, running: int) -> None:
        """Count an invocation that ended."""
        self._metrics.count(function, seconds=seconds, failed=failed, running=running)

    def count_throttle(self, function: str) -> None:
        """Count an invocation that was refused."""
        self._metrics.count_throttle(function)

    def _keep(self, worker: Worker, line: str) -> None:
        self._logs.write(worker, line)
        self._metrics.read(line)

    def _find_function(self, name: str) -> Function | None:
        if name not in self._functions:
            self._take_functions()  # it may be newer than the last look
        return self._functions.get(name)

    def _find_worker(self, name: str) -> tuple[Function, Worker] | None:
        for function in list(self._functions.values()):
            if worker := function.worker(name):
                return function, worker
        return None

    def _watch(self) -> None:
        while not self._stopped.is_set():
            self._due.clear()
            settled = True
            try:
                self._take_functions()
                settled = self._take_mappings()
            except (ClientError, BotoCoreError) as error:
                if not self._stopped.is_set():
                    _log.warning("cannot look at the account: %s", error)
            self._due.wait(LOOK if settled else _LOOK_SOON)

    def _take_functions(self) -> None:
        with self._looking:
            self._compare_functions()

    def _compare_functions(self) -> None:
        found = {settings.name: settings for settings in self._list_functions()}
        for name in self._functions.keys() - found.keys():
            self._functions.pop(name).stop()
        for name, settings in found.items():
            function = self._functions.get(name)
            if function is None:
                function = self._functions[name] = Function(settings, self, self._workers)
                threading.Thread(target=function.warm, daemon=True).start()
            elif function.settings != settings:
                function.update(settings)
            function.retire(older_than=_LIFETIME)

    def _list_functions(self) -> Iterator[FunctionSettings]:
        for page in self._lambda.get_paginator("list_functions").paginate():
            for configuration in page["Functions"]:
                name = configuration.get("FunctionName", "")
                answer = self._lambda.get_function_concurrency(FunctionName=name)
                reserved = answer.get("ReservedConcurrentExecutions")
                yield FunctionSettings.of(configuration, reserved)

    def _take_mappings(self) -> bool:
        """Whether every mapping is in a state that stays."""
        found = {settings.identity: settings for settings in self._list_mappings()}
        for identity in self._pollers.keys() - found.keys():
            self._pollers.pop(identity).stop()
        for identity, settings in found.items():
            poller = self._pollers.get(identity)
            if poller is not None:
                poller.update(settings)
            elif function := self._functions.get(settings.function):
                self._pollers[identity] = self._poller(settings, function)
        return all(settings.settled for settings in found.values())

    def _list_mappings(self) -> Iterator[MappingSettings]:
        for page in self._lambda.get_paginator("list_event_source_mappings").paginate():
            for mapping in page["EventSourceMappings"]:
                if ":sqs:" in mapping.get("EventSourceArn", ""):
                    yield MappingSettings.of(mapping)

    def _poller(self, settings: MappingSettings, function: Function) -> Poller:
        name = settings.source.rsplit(":", 1)[-1]
        url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        role = function.settings.role
        return Poller(settings, function, self._roles.sqs(role, function.settings.name), url)
