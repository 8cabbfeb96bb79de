"""What comes in, and what is done about it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from handlers.common.circuit import control
from handlers.common.circuit.machine import Machine
from handlers.common.errors import AwsUnavailable, InvalidMessage, ServiceError
from handlers.common.telemetry.logs import defect_of, logger
from handlers.subscription_manager import redrive
from handlers.subscription_manager.answers import Answer, Heard, Refusal, ServiceAnswer
from handlers.subscription_manager.commands import Commands, NotApplied, Reply, Result, check
from handlers.subscription_manager.incoming import Notification, notifications
from handlers.subscription_manager.notices import NamedStatus, StatusNotice
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.reading import NewerCircuit
from handlers.subscription_manager.reconcile import Reconciler, Turn
from handlers.subscription_manager.settings import Managed
from handlers.subscription_manager.status import ServiceStatus
from handlers.subscription_manager.status_reading import status_of

T = TypeVar("T")

PATIENCE = 3
"""Tries for a lease where somebody waits for the effect."""


class Manager:
    """The subscription manager, for the services in its care and for nothing else."""

    def __init__(
        self, ports: Ports, machine: Machine, managed: Iterable[Managed], retention: float
    ) -> None:
        self._ports, self._machine, self._retention = ports, machine, retention
        self._managed = {one.service: one for one in managed}
        self._commands = Commands(ports, machine)
        self._reconciler = Reconciler(ports, machine, retention)

    def handle(self, event: object, deadline: float) -> Answer | Heard | Refusal:
        """An SNS event with its records, a direct invocation, or the schedule's turn.

        Args:
            event: As Lambda gives it.
            deadline: When this invocation ends (epoch seconds).

        Raises:
            NotApplied: A command from SNS was not applied to every service; Lambda brings it again.
            AwsUnavailable: A status could not be published; likewise.
        """
        try:
            records = notifications(event)
            if records is not None:
                return self._hear(records, deadline)
            return self._ask(control.read(event), deadline)
        except InvalidMessage as error:
            return self._refused(error)

    def _hear(self, records: list[Notification], deadline: float) -> Heard:
        """Applies what came by SNS, then looks after the services that it was about."""
        touched: set[str] = set()
        asked: list[str] = []
        failure: ServiceError | None = None
        for record in records:
            try:
                message = control.decode(record.text)
                targets = self._targets(message)
                replies = self._obey(message, targets, record.at)
            except InvalidMessage as error:
                self._refused(error, message_id=record.id)
                continue
            for service, reply in replies.items():
                if reply.result is Result.FAILED:
                    failure = NotApplied(f"{service}: {reply.detail}")
            accepted = [service for service, reply in replies.items() if _accepted(reply)]
            touched.update(accepted)
            if isinstance(message, control.Status | control.Refresh):
                asked.extend(accepted)
        self._turns([self._managed[service] for service in sorted(touched)], deadline, PATIENCE)
        if asked:
            failure = self._publish_status(sorted(set(asked))) or failure
        if failure is not None:
            raise failure
        return Heard(heard=len(records))

    def _ask(self, message: control.Message, deadline: float) -> Answer:
        """A direct invocation: applied by the manager's clock, answered with the status."""
        if not isinstance(message, control.Command):
            raise InvalidMessage("invalid_command", "this message comes by SNS only")
        targets = self._targets(message)
        replies = self._obey(message, targets, self._ports.clock())
        accepted = [one for one in targets if _accepted(replies[one.service])]
        scheduled = isinstance(message, control.Reconcile)
        turns = self._turns(accepted, deadline, 0 if scheduled else PATIENCE)
        return Answer(
            action=message.action,
            accepted=bool(accepted),
            services=tuple(
                ServiceAnswer(
                    service=one.service,
                    result=replies[one.service].result,
                    detail=replies[one.service].detail,
                    turn=turns.get(one.service),
                    status=None if scheduled else self._status(one.service),
                )
                for one in targets
            ),
        )

    def _targets(self, message: control.Message) -> list[Managed]:
        """Whom a message is about.

        Raises:
            InvalidMessage: A service or an alarm that is not in the manager's care.
        """
        if isinstance(message, control.AlarmNotification):
            found = [one for one in self._managed.values() if one.alarm == message.alarm_name]
        elif message.service is None:
            found = list(self._managed.values())
        else:
            found = [one for one in self._managed.values() if one.service == message.service]
        if not found:
            raise InvalidMessage("unknown_service", "no such service is managed here")
        return found

    def _obey(
        self, message: control.Message, targets: list[Managed], at: float
    ) -> dict[str, Reply]:
        """Applies a message to its services; a trip or an alarm only wakes their turns."""
        names = [one.service for one in targets]
        if not isinstance(message, control.Command):
            return dict.fromkeys(names, Reply(result=Result.APPLIED))
        void = check(message, at, self._ports.clock())
        replies: dict[str, Reply] = {}
        for name in names:
            replies[name] = void or self._applied(name, message, at)
            logger.info(
                "command",
                action=message.action,
                managed=name,
                operator=message.operator,
                reason=message.reason,
                sent=message.timestamp,
                result=replies[name].result,
                detail=replies[name].detail,
            )
        return replies

    def _applied(self, service: str, command: control.Command, at: float) -> Reply:
        """What becomes of a command for one service, whose failure stops no other's."""
        try:
            return self._commands.apply(service, command, at)
        except (AwsUnavailable, NewerCircuit) as error:
            return Reply(result=Result.FAILED, detail=str(error))
        except Exception as error:  # noqa: BLE001 - one service's record must not stop another's command
            logger.error("command failed", extra={"managed": service, **defect_of(error)})
            return Reply(result=Result.FAILED, detail=type(error).__name__)

    def _turns(self, managed: list[Managed], deadline: float, patience: int) -> dict[str, Turn]:
        """A turn and a redrive step for each service, side by side: one never waits for another."""

        def work(one: Managed) -> Turn:
            turn = self._reconciler.turn(one, deadline, patience)
            redrive.step(self._ports, one, self._machine.rules.turn, deadline)
            # Only the schedule's invocation waits: behind the others somebody waits for an answer.
            waits = turn is Turn.DONE and not patience
            if waits and self._reconciler.await_ramp(one, deadline):
                turn = self._reconciler.turn(one, deadline)
            return turn

        return dict(
            zip([one.service for one in managed], _side_by_side(work, managed), strict=True)
        )

    def _status(self, service: str) -> ServiceStatus | None:
        """A service's status; None where its circuit cannot be read."""
        try:
            return status_of(self._ports, self._machine, self._managed[service], self._retention)
        except (AwsUnavailable, NewerCircuit) as error:
            logger.warning("no status", managed=service, reason=str(error))
        except Exception as error:  # noqa: BLE001 - as above
            logger.error("no status", extra={"managed": service, **defect_of(error)})
        return None

    def _publish_status(self, services: list[str]) -> AwsUnavailable | None:
        told = [NamedStatus(service=service, status=self._status(service)) for service in services]
        try:
            self._ports.notifications.publish("status", StatusNotice(services=tuple(told)))
        except AwsUnavailable as error:
            return error
        return None

    def _refused(self, error: InvalidMessage, message_id: str = "") -> Refusal:
        logger.warning("refused", code=error.code, detail=error.detail, message_id=message_id)
        self._ports.emit({"Refused": (1, "Count")}, service="subscription-manager")
        return Refusal(code=error.code, reason=error.detail)


def _accepted(reply: Reply) -> bool:
    return reply.result in (Result.APPLIED, Result.UNCHANGED)


def _side_by_side(work: Callable[[Managed], T], managed: list[Managed]) -> list[T]:
    """The results in order; threads only where there is more than one service."""
    if len(managed) < 2:  # noqa: PLR2004 - one needs no thread
        return [work(one) for one in managed]
    with ThreadPoolExecutor(max_workers=len(managed)) as pool:
        return list(pool.map(work, managed))
