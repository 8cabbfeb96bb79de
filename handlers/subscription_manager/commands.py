"""Operators' commands: which are obeyed, which are ignored, which are refused.

SNS delivers at least once, in any order and sometimes hours late. A command's place in time is
SNS's own timestamp; the circuit and the note that the command was applied are written together, so
a repeated, overtaken or half-done command changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from handlers.common.circuit import control, events
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import AwsUnavailable, InvalidMessage, ServiceError
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.reading import circuit_of
from handlers.subscription_manager.records import Applied, Order, Redrive

STALE_AFTER = 15 * 60
"""Seconds. What an operator wanted a quarter of an hour ago may be wrong by now."""

REDRIVE_LASTS = 24 * 3600
"""Seconds. A redrive that came to no end by then is over; the next one starts afresh."""

TRIES = 4

Switch = control.Enable | control.Disable | control.Probe


class Result(StrEnum):
    """What became of a command for one service."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A result and, where it is not obvious, why."""

    result: Result
    detail: str = ""


def check(command: control.Command, at: float, now: float) -> Reply | None:
    """A reply where the command is void for every service; None where it may be applied.

    Raises:
        InvalidMessage: It asks for what cannot be.
    """
    until = command.hold_until if isinstance(command, control.Disable) else None
    if until is not None and until.timestamp() <= now:
        raise InvalidMessage("invalid_command", "hold_until is over")
    if now - at > STALE_AFTER:
        return Reply(result=Result.IGNORED, detail=f"it is older than {STALE_AFTER} s")
    if command.valid_until is not None and command.valid_until.timestamp() < now:
        return Reply(result=Result.IGNORED, detail="its valid_until is over")
    return None


class NotApplied(ServiceError):
    """A command could not be applied to every service; SNS's invocation is to come again."""


class Commands:
    """Applies commands to circuits and redrives."""

    def __init__(self, ports: Ports, machine: Machine) -> None:
        self._ports, self._machine = ports, machine

    def apply(self, service: str, command: control.Command, at: float) -> Reply:
        """Applies a command that passed `check` to one service.

        Args:
            service: A service in the manager's care.
            command: What to do.
            at: Its place in time (epoch seconds).

        Raises:
            AwsUnavailable: The store failed; it is safe to apply the command again.
            NewerCircuit: See circuit_of.
        """
        match command:
            case control.Enable() | control.Disable() | control.Probe():
                return self._switch(service, command, at)
            case control.Redrive():
                return self._order_redrive(service, command, at)
            case control.Reconcile():
                return Reply(result=Result.APPLIED)
            case _:
                noted = self._ports.records.note(service, Order(kind=command.action, at=at))
                return Reply(result=Result.APPLIED) if noted else _overtaken()

    def _switch(self, service: str, command: Switch, at: float) -> Reply:
        order = Order(kind="probe" if isinstance(command, control.Probe) else "switch", at=at)
        failure: AwsUnavailable | None = None
        for _ in range(TRIES):
            try:
                before = circuit_of(self._ports.circuits, service)
                if isinstance(command, control.Probe) and before.state is State.HELD:
                    return Reply(result=Result.REFUSED, detail="it is held; enable it instead")
                after = self._after(before, command)
                applied = self._ports.records.apply(before, after, order)
            except AwsUnavailable as error:
                # A transaction also fails where another one is under way on the same item.
                failure = error
                self._ports.pause(self._machine.rules.turn / 200)
                continue
            if applied is Applied.DONE:
                changed = after is not before
                return Reply(result=Result.APPLIED if changed else Result.UNCHANGED)
            if applied is Applied.STALE:
                # After an answer that got lost, it may be this very command that is noted.
                return Reply(result=Result.APPLIED) if failure else _overtaken()
        raise failure or AwsUnavailable(f"the circuit of {service} changes too often")

    def _after(self, before: Circuit, command: Switch) -> Circuit:
        now = self._ports.clock()
        after = self._machine.after(before, _event(command), now)
        return after or before

    def _order_redrive(self, service: str, command: control.Redrive, at: float) -> Reply:
        last = self._ports.records.redrive(service)
        redrive = Redrive(
            at=at,
            until=self._ports.clock() + REDRIVE_LASTS,
            waits_until=max(last.aside_until, last.waits_until) if last else 0.0,
            operator=command.operator or "",
            remaining=command.count,
            ids=frozenset(command.ids or ()),
            end=command.end,
            code=command.code,
            force=command.force,
        )
        started = self._ports.records.start_redrive(service, redrive)
        return Reply(result=Result.APPLIED) if started else _overtaken()


def _event(command: Switch) -> events.Event:
    who = command.operator or "operator"
    match command:
        case control.Enable():
            return events.Enable(who=who, why=command.reason or "")
        case control.Disable():
            until = command.hold_until
            return events.Disable(
                who=who,
                why=command.reason or "",
                hold_until=until.timestamp() if until else None,
            )
        case control.Probe():
            return events.ProbeNow()


def _overtaken() -> Reply:
    return Reply(result=Result.IGNORED, detail="it was seen before, or a newer one was applied")
