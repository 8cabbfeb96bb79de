"""The table of states and events, one test a cell."""

import pytest
from msgspec.structs import replace

from handlers.common.circuit.events import (
    Alarm,
    Disable,
    Enable,
    Event,
    Probed,
    ProbeNow,
    Tick,
    Trip,
    Verdict,
)
from handlers.common.circuit.machine import Machine, probe_due
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause
from tests.unit.handlers.rules import FIRST_FAILURE

NOW = 1_000_000.0
GENERATION = 7

CLOSED = Circuit(service="payments", generation=GENERATION, since=NOW - 500)
OPEN = replace(
    CLOSED,
    state=State.OPEN,
    cause=Cause.UNAVAILABLE,
    openings=1,
    cool_down=30,
    retry_at=NOW + 20,
)
HALF_OPEN = replace(CLOSED, state=State.HALF_OPEN, openings=1, ramp_until=NOW + 30)
HELD = replace(CLOSED, state=State.HELD, cause=Cause.OPERATOR)
HELD_UNTIL_NOW = replace(HELD, hold_until=NOW)
RAMPED = replace(HALF_OPEN, ramp_until=NOW)

TRIP = Trip(generation=GENERATION, cause=Cause.UNAVAILABLE, why="503", who="worker")
OLD_TRIP = replace(TRIP, generation=GENERATION - 1)
ALARM = Alarm(at=NOW - 1, why="errors")
OLD_ALARM = Alarm(at=NOW - 500, why="errors")
DISABLE = Disable(who="ada", why="maintenance", hold_until=NOW + 3600)
ENABLE = Enable(who="ada")
PROBE_NOW = ProbeNow()
TICK = Tick()


def probed(verdict: Verdict, generation: int = GENERATION) -> Probed:
    return Probed(generation=generation, verdict=verdict)


WELL, UNWELL = probed(Verdict.WELL), probed(Verdict.UNWELL)
UNDECIDED, EMPTY = probed(Verdict.UNDECIDED), probed(Verdict.EMPTY)


def machine(jitter: float = 0.0) -> Machine:
    return Machine(FIRST_FAILURE, lambda: jitter)


@pytest.mark.parametrize(
    ("before", "event", "state"),
    [
        (CLOSED, TRIP, State.OPEN),
        (HALF_OPEN, TRIP, State.OPEN),
        (CLOSED, ALARM, State.OPEN),
        (HALF_OPEN, ALARM, State.OPEN),
        (CLOSED, DISABLE, State.HELD),
        (OPEN, DISABLE, State.HELD),
        (HALF_OPEN, DISABLE, State.HELD),
        (HELD, DISABLE, State.HELD),
        (OPEN, ENABLE, State.HALF_OPEN),
        (HELD, ENABLE, State.HALF_OPEN),
        (HELD_UNTIL_NOW, TICK, State.OPEN),
        (OPEN, WELL, State.HALF_OPEN),
        (OPEN, UNWELL, State.OPEN),
        (RAMPED, TICK, State.CLOSED),
    ],
)
def test_an_event_moves_the_circuit_and_begins_a_generation(
    before: Circuit, event: Event, state: State
) -> None:
    after = machine().after(before, event, NOW)

    assert after is not None
    assert after.state is state
    assert after.generation == GENERATION + 1
    assert after.since == NOW


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (OPEN, TRIP),
        (HELD, TRIP),
        *[(before, OLD_TRIP) for before in (CLOSED, OPEN, HALF_OPEN, HELD)],
        (OPEN, ALARM),
        (HELD, ALARM),
        *[(before, OLD_ALARM) for before in (CLOSED, OPEN, HALF_OPEN, HELD)],
        (CLOSED, ENABLE),
        (HALF_OPEN, ENABLE),
        *[(before, TICK) for before in (CLOSED, OPEN, HALF_OPEN, HELD)],
        *[
            (before, event)
            for before in (CLOSED, HALF_OPEN, HELD)
            for event in (WELL, UNWELL, UNDECIDED, EMPTY, PROBE_NOW)
        ],
        *[(OPEN, probed(verdict, GENERATION - 1)) for verdict in Verdict],
    ],
)
def test_an_event_changes_nothing(before: Circuit, event: Event) -> None:
    assert machine().after(before, event, NOW) is None


def test_an_undecided_probe_leaves_it_open_until_the_next_turn() -> None:
    after = machine().after(OPEN, UNDECIDED, NOW)

    assert after is not None
    assert (after.state, after.generation) == (State.OPEN, GENERATION)
    assert not probe_due(after, NOW)
    assert probe_due(after, NOW + FIRST_FAILURE.turn - 1)


def test_one_empty_queue_does_not_move_it_and_a_second_one_does() -> None:
    once = machine().after(OPEN, EMPTY, NOW)
    assert once is not None
    assert once.state is State.OPEN

    twice = machine().after(once, EMPTY, NOW + 60)
    assert twice is not None
    assert twice.state is State.HALF_OPEN


def test_a_message_between_two_empty_queues_starts_the_count_anew() -> None:
    circuit: Circuit | None = OPEN
    for event in (EMPTY, UNDECIDED, EMPTY):
        assert circuit is not None
        circuit = machine().after(circuit, event, NOW)

    assert circuit is not None
    assert circuit.state is State.OPEN


def test_an_operators_probe_makes_an_open_circuit_due_at_once() -> None:
    after = machine().after(OPEN, PROBE_NOW, NOW)

    assert after is not None
    assert after.generation == GENERATION
    assert probe_due(after, NOW)


@pytest.mark.parametrize("event", [TRIP, ALARM])
def test_a_trip_while_half_open_cools_down_longer_than_the_first(event: Event) -> None:
    first = machine().after(CLOSED, event, NOW)
    again = machine().after(HALF_OPEN, event, NOW)

    assert first is not None
    assert again is not None
    assert again.cool_down == 2 * first.cool_down


def test_an_unwell_probe_cools_down_longer() -> None:
    after = machine().after(OPEN, UNWELL, NOW)

    assert after is not None
    assert after.cool_down == 2 * OPEN.cool_down
    assert after.retry_at == NOW + after.cool_down
    assert after.cause is OPEN.cause


@pytest.mark.parametrize(("drawn", "lasts"), [(71.0, 71.0), (10.0**6, FIRST_FAILURE.cool_down_cap)])
def test_after_an_unwell_probe_it_cools_down_as_long_as_the_worker_drew(
    drawn: float, lasts: float
) -> None:
    after = machine().after(OPEN, replace(UNWELL, cool_down=drawn), NOW)

    assert after is not None
    assert (after.cool_down, after.retry_at) == (lasts, NOW + lasts)


@pytest.mark.parametrize("before", [OPEN, replace(OPEN, cause=Cause.OPERATOR)])
def test_an_unwell_probe_says_why_it_is_open_now(before: Circuit) -> None:
    refused = replace(UNWELL, cause=Cause.MISCONFIGURED)

    after = machine().after(before, refused, NOW)

    assert after is not None
    assert after.cause is Cause.MISCONFIGURED


def test_closing_makes_the_next_cool_down_short_again() -> None:
    closed = machine().after(RAMPED, TICK, NOW)
    assert closed is not None
    opened = machine().after(closed, replace(TRIP, generation=closed.generation), NOW)

    assert opened is not None
    assert opened.cool_down == FIRST_FAILURE.cool_down


def test_the_cool_down_never_passes_its_cap() -> None:
    assert machine().cool_down(openings=1000) == FIRST_FAILURE.cool_down_cap
    assert machine().cool_down(openings=0, retry_after=10**6) == FIRST_FAILURE.cool_down_cap


def test_jitter_shortens_the_cool_down_by_a_fifth_at_most() -> None:
    whole = FIRST_FAILURE.cool_down
    assert machine(jitter=0.0).cool_down(openings=0) == whole
    assert 0.8 * whole <= machine(jitter=0.999).cool_down(openings=0) < 0.81 * whole


def test_what_the_bank_asks_for_lengthens_the_cool_down() -> None:
    assert machine(jitter=0.5).cool_down(openings=0, retry_after=120) == 120


@pytest.mark.parametrize(
    ("before", "event", "who", "why", "cause"),
    [
        (CLOSED, TRIP, "worker", "503", Cause.UNAVAILABLE),
        (CLOSED, ALARM, "alarm", "errors", Cause.ALARM),
        (CLOSED, DISABLE, "ada", "maintenance", Cause.OPERATOR),
        (HELD_UNTIL_NOW, TICK, "manager", "the hold ended", Cause.OPERATOR),
        (OPEN, replace(WELL, why="paid"), "probe", "paid", OPEN.cause),
        (OPEN, ENABLE, "ada", "", OPEN.cause),
        (RAMPED, TICK, "manager", "ramp passed", None),
    ],
)
def test_a_circuit_says_who_moved_it_and_why(
    before: Circuit, event: Event, who: str, why: str, cause: Cause | None
) -> None:
    after = machine().after(before, event, NOW)

    assert after is not None
    assert (after.who, after.why, after.cause) == (who, why, cause)


@pytest.mark.parametrize("event", [WELL, ENABLE])
def test_a_half_open_circuit_ramps_and_remembers_how_often_it_was_opened(event: Event) -> None:
    after = machine().after(OPEN, event, NOW)

    assert after is not None
    assert after.ramp_until == NOW + FIRST_FAILURE.ramp
    assert after.openings == OPEN.openings


def test_an_outage_is_as_old_as_the_moment_when_the_circuit_was_last_closed() -> None:
    opened = machine().after(CLOSED, TRIP, NOW)
    assert opened is not None
    held = machine().after(opened, DISABLE, NOW + 100)

    assert held is not None
    assert opened.left_closed_at == held.left_closed_at == NOW


def test_a_hold_without_an_end_is_not_ended_by_time() -> None:
    assert machine().after(HELD, TICK, NOW + 10**9) is None


def test_a_second_disable_replaces_the_end_of_the_hold() -> None:
    after = machine().after(HELD_UNTIL_NOW, DISABLE, NOW)

    assert after is not None
    assert after.hold_until == DISABLE.hold_until


def test_a_hold_that_ended_probes_at_once() -> None:
    after = machine().after(HELD_UNTIL_NOW, TICK, NOW)

    assert after is not None
    assert probe_due(after, NOW)


@pytest.mark.parametrize(
    ("circuit", "enabled", "concurrency"),
    [(CLOSED, True, 20), (HALF_OPEN, True, 2), (OPEN, False, 20), (HELD, False, 20)],
)
def test_each_state_wants_its_mapping(circuit: Circuit, enabled: bool, concurrency: int) -> None:
    assert machine().wanted_mapping(circuit, full=20) == (enabled, concurrency)
