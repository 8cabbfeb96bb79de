"""What one look at a stack makes of what there is to be read."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from control.records import Circuit
from control.stack import Firing
from control.status import ServiceStatus, Status, read_status
from handlers.subscription_manager.settings import Managed

ACCOUNTS, PAYMENTS = "bank-account-setup", "payment-processing"
ALARM = Firing(name="dev-payment-processing-age", means="It waits", since="2024-11-25T02:59:00")


def managed(service: str) -> Managed:
    return Managed(
        service=service,
        function=service,
        mapping=f"mapping-of-{service}",
        queue=f"https://sqs/{service}.fifo",
        dead_letter_queue=f"https://sqs/{service}-dlq.fifo",
        concurrency=50,
        alarm=f"{service}-errors",
        timeout=30,
    )


@dataclass(kw_only=True)
class Stack:
    """Two services, closed and quiet but for what is given; the rest is of the payments."""

    circuit_state: str = "closed"
    mapping_state: str = "Enabled"
    alarms: tuple[Firing, ...] = ()
    messages: dict[str, tuple[int, int, int]] = field(default_factory=dict[str, Any])
    metric: float | None = None
    place: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(stack="dev"))

    @property
    def records(self) -> "Stack":
        return self

    @property
    def services(self) -> dict[str, Managed]:
        return {name: managed(name) for name in (ACCOUNTS, PAYMENTS)}

    def circuit(self, service: str) -> Circuit:
        return Circuit(state=self.circuit_state if service == PAYMENTS else "closed")

    def mapping(self, _: Managed) -> tuple[str, int]:
        return self.mapping_state, 50

    def counts(self, url: str) -> tuple[int, int, int]:
        return self.messages.get(url, (0, 0, 0))

    def newest(self, *_: str, **__: str) -> float | None:
        return self.metric

    def firing(self) -> list[Firing]:
        return list(self.alarms)

    def unrouted(self) -> int:
        return 0


def look(**given: Any) -> Status:  # noqa: ANN401 - the fields of the stack
    stack: Any = Stack(**given)
    return read_status(stack)


def payments(**given: Any) -> ServiceStatus:  # noqa: ANN401 - the fields of the stack
    (found,) = [one for one in look(**given).services if one.service == PAYMENTS]
    return found


def test_a_stack_whose_circuits_are_closed_and_whose_alarms_are_quiet_is_well() -> None:
    assert look().well


def test_one_firing_alarm_makes_a_stack_unwell_and_is_shown() -> None:
    found = look(alarms=(ALARM,))
    assert (found.well, found.alarms) == (False, [ALARM])


@pytest.mark.parametrize("state", ["open", "half_open", "held"])
def test_one_circuit_that_is_not_closed_makes_a_stack_unwell(state: str) -> None:
    assert not look(circuit_state=state).well


@pytest.mark.parametrize(("counts", "in_flight"), [((1, 0, 0), 0), ((0, 1, 0), 1), ((0, 0, 1), 0)])
def test_a_message_is_of_the_queues_depth_wherever_it_is(
    counts: tuple[int, int, int], in_flight: int
) -> None:
    found = payments(messages={managed(PAYMENTS).queue: counts})
    assert (found.depth, found.in_flight) == (1, in_flight)


def test_a_dead_letter_that_somebody_looks_at_is_still_one() -> None:
    found = payments(messages={managed(PAYMENTS).dead_letter_queue: (2, 1, 0)})
    assert (found.dead_letters, found.depth) == (3, 0)


def test_an_empty_queue_has_no_oldest_message_whatever_the_late_metric_says() -> None:
    full = {managed(PAYMENTS).queue: (1, 0, 0)}
    assert (payments(metric=840.0).age, payments(metric=840.0, messages=full).age) == (None, 840.0)


@pytest.mark.parametrize(
    ("circuit", "wanted", "other"),
    [
        ("closed", "Enabled", "Disabled"),
        ("half_open", "Enabled", "Disabled"),
        ("open", "Disabled", "Enabled"),
        ("held", "Disabled", "Enabled"),
    ],
)
def test_a_mapping_agrees_where_it_is_as_the_circuit_wants_it(
    circuit: str, wanted: str, other: str
) -> None:
    assert payments(circuit_state=circuit, mapping_state=wanted).agrees
    assert not payments(circuit_state=circuit, mapping_state=other).agrees
