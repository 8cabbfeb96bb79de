"""Transitions told to people: each at least once, however the manager or the worker died."""

from handlers.common.circuit.state import State
from handlers.subscription_manager.moments import iso
from handlers.subscription_manager.notices import TransitionNotice
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.records import Transition
from handlers.subscription_manager.settings import Managed


def announce(ports: Ports, managed: Managed) -> None:
    """Publishes what the history holds beyond the last announcement, oldest first, then notes it.

    Raises:
        AwsUnavailable: The next turn goes on from the last one that was noted.
    """
    service = managed.service
    newest = ports.circuits.read(service).circuit.generation
    announced = ports.records.notes(service).announced
    if newest <= announced:
        return
    for transition in ports.records.transitions(service, announced):
        subject = f"{service}: {transition.from_state} -> {transition.to_state}"
        ports.notifications.publish(subject, _notice(service, transition))
        ports.records.note_announced(service, transition.generation)
        metrics: dict[str, tuple[float, str]] = {"Transitions": (1, "Count")}
        if transition.to_state == State.CLOSED:
            metrics["RecoveryTime"] = (transition.at - transition.left_closed_at, "Seconds")
        ports.emit(metrics, service=service)


def _notice(service: str, transition: Transition) -> TransitionNotice:
    return TransitionNotice(
        service=service,
        generation=transition.generation,
        from_state=transition.from_state,
        to_state=transition.to_state,
        at=iso(transition.at) or "",
        left_closed_at=iso(transition.left_closed_at or None),
        who=transition.who,
        why=transition.why,
        cause=transition.cause,
        cool_down=transition.cool_down,
        hold_until=iso(transition.hold_until),
    )
