"""Commands to the manager, by the control topic, and waiting until they have taken effect."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from control.errors import NotSeenError, OpenedAgainError, RefusedError, UsageError
from control.records import Circuit, Redrive
from control.stack import Stack
from handlers.common.circuit.control import decode
from handlers.common.errors import InvalidMessage
from handlers.subscription_manager.settings import Managed

T = TypeVar("T")
LOOK_AGAIN = 0.5
"""Seconds between two looks."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command. `seconds` is how long it took until it was seen."""

    action: str
    service: str
    before: str
    circuit: str
    mapping: str
    said: str
    seconds: float


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a redrive has done."""

    action: str
    service: str
    moved: int
    held_back: int
    passed_over: int
    seconds: float


class Orders:
    """Gives commands to the manager of one stack.

    Args:
        stack: Whose manager.
        patience: Seconds to wait for an effect.
    """

    def __init__(self, stack: Stack, patience: float) -> None:
        self._stack, self._patience = stack, patience

    def disable(self, name: str, reason: str, hold_until: datetime | None) -> Effect:
        """Holds a service; done when its mapping delivers nothing any more.

        Raises:
            ControlError: See the tree in control.errors.
        """
        service = self._stack.service(name)
        until = {"hold_until": hold_until.isoformat()} if hold_until else {}
        return self._switch(service, "disable", {"reason": reason, **until}, {"held"}, "Disabled")

    def enable(self, name: str, reason: str) -> Effect:
        """Resumes a service; done when its mapping delivers again.

        Raises:
            OpenedAgainError: What had opened its circuit did so again at once.
        """
        service = self._stack.service(name)
        wanted = {"half_open", "closed"}
        return self._switch(service, "enable", {"reason": reason}, wanted, "Enabled")

    def probe(self, name: str, reason: str) -> Effect:
        """Has an open circuit probed now; done when the probe has decided."""
        service = self._stack.service(name)
        before = self._stack.records.circuit(name)
        if before.state != "open":
            hint = "enable it instead" if before.state == "held" else "there is nothing to probe"
            raise RefusedError(f"the circuit of {name} is {before.state}: {hint}")
        mark = self._stack.records.marks(name).probe_at
        started = self._publish("probe", name, {"reason": reason})
        self._until(lambda: self._stack.records.marks(name).probe_at > mark, "probe", name)
        after = self._until(lambda: self._moved_on(name, before), "its decision", name)
        return self._effect("probe", service, before, after, started)

    def redrive(self, name: str, reason: str, choice: Mapping[str, Any]) -> Moved:
        """Sends dead letters back to their queue; done when the manager has gone through them."""
        self._stack.service(name)
        last = self._stack.records.redrive(name).at
        started = self._publish("redrive", name, {"reason": reason, **choice})
        done = self._until(lambda: self._redriven(name, last), "redrive", name)
        return Moved(
            action="redrive",
            service=name,
            moved=done.moved,
            held_back=done.held_back,
            passed_over=done.passed_over,
            seconds=round(time.monotonic() - started, 1),
        )

    def _switch(
        self, service: Managed, action: str, more: Mapping[str, Any], states: set[str], mapping: str
    ) -> Effect:
        name = service.service
        before, mark = (
            self._stack.records.circuit(name),
            self._stack.records.marks(name).switch_at,
        )
        started = self._publish(action, name, more)
        self._until(lambda: self._stack.records.marks(name).switch_at > mark, action, name)
        what = f"the subscription {mapping.lower()}"
        after = self._until(lambda: self._switched(service, states, mapping), what, name)
        if after.state not in states:
            raise OpenedAgainError(f"{action} took effect, and {name} is open again: {after.why}")
        return self._effect(action, service, before, after, started)

    def _switched(self, service: Managed, states: set[str], mapping: str) -> Circuit | None:
        """The circuit, once the mapping follows it or another failure was faster."""
        now = self._stack.records.circuit(service.service)
        if now.state == "open":
            return now
        there = now.state in states and self._stack.mapping(service)[0] == mapping
        return now if there else None

    def _publish(self, action: str, service: str, more: Mapping[str, Any]) -> float:
        place = self._stack.place
        command = {
            "action": action,
            "service": service,
            "operator": place.caller[:100],
            "timestamp": datetime.now(UTC).isoformat(),
            **{name: value for name, value in more.items() if value is not None},
        }
        text = _accepted(command)
        started = time.monotonic()
        place.sns.publish(TopicArn=place.control_topic, Message=text)
        return started

    def _until(self, look: Callable[[], T | None], what: str, service: str) -> T:
        end = time.monotonic() + self._patience
        while not (found := look()):
            if time.monotonic() > end:
                raise NotSeenError(
                    f"the command for {service} was sent, and {what} was not seen in "
                    f"{self._patience:.0f} s; look with `status`, it may still come"
                )
            time.sleep(LOOK_AGAIN)
        return found

    def _moved_on(self, service: str, before: Circuit) -> Circuit | None:
        now = self._stack.records.circuit(service)
        changed = (now.generation, now.retry_at) != (before.generation, before.retry_at)
        pending = now.state == "open" and now.retry_at <= time.time()
        return now if changed and not pending else None

    def _redriven(self, service: str, last: float) -> Redrive | None:
        redrive = self._stack.records.redrive(service)
        return redrive if redrive.at > last and redrive.done_at else None

    def _effect(
        self, action: str, service: Managed, before: Circuit, after: Circuit, started: float
    ) -> Effect:
        mapping, _ = self._stack.mapping(service)
        return Effect(
            action=action,
            service=service.service,
            before=before.state,
            circuit=after.state,
            mapping=mapping,
            said=after.why,
            seconds=round(time.monotonic() - started, 1),
        )


def _accepted(command: Mapping[str, Any]) -> str:
    """The message, if the manager would take it: its refusals stand in its own log alone."""
    try:
        text = msgspec.json.encode(command).decode()
        decode(text)
    except UnicodeEncodeError as error:
        raise UsageError(f"{error.object!r} is no text") from None
    except InvalidMessage as error:
        raise UsageError(f"{command['action']} cannot be sent: {error.detail}") from None
    return text
