"""An open circuit is probed by one manager, and what the worker found decides."""

import pytest

from handlers.common.circuit.events import Disable, Verdict
from handlers.common.circuit.probes import ProbeAnswer
from handlers.common.circuit.state import State
from handlers.common.errors import Cause
from handlers.subscription_manager.ports import Counts
from tests.replacing import replace_method
from tests.unit.handlers.subscription_manager.services import FULL, PAYMENTS, RULES
from tests.unit.handlers.subscription_manager.tap import Tap
from tests.unit.handlers.subscription_manager.world import World


def test_it_comes_back_by_itself_over_a_probe_and_a_ramp() -> None:
    world = World()
    world.trip()
    seen: list[tuple[State, int | None]] = []
    for _ in range(4):
        world.next_turn()
        concurrency = world.mappings.view(PAYMENTS.mapping).concurrency
        seen.append((world.circuit().state, concurrency))

    assert seen[0] == (State.HALF_OPEN, RULES.ramp_concurrency)
    assert seen[-1] == (State.CLOSED, FULL)
    assert world.agrees()


def test_no_probe_is_made_before_the_cool_down_is_over() -> None:
    world = World()
    world.trip()
    world.now += RULES.cool_down - 1

    world.turn()

    assert world.prober.probes == []


def test_the_mapping_is_disabled_before_the_probe() -> None:
    world = World()
    world.trip()
    world.now += RULES.cool_down
    tap = Tap()

    world.turn(tap)

    assert tap.calls.index("mappings.change") < tap.calls.index("prober.probe")


def test_an_unwell_probe_leaves_it_open_for_longer() -> None:
    world = World()
    first = world.trip()
    world.prober.verdict = Verdict.UNWELL

    world.next_turn()

    assert world.circuit().state is State.OPEN
    assert world.circuit().cool_down > first.cool_down
    assert world.agrees()


def test_what_the_worker_found_becomes_the_circuits_and_is_counted() -> None:
    world = World()
    world.trip()
    found = ProbeAnswer(
        verdict=Verdict.UNWELL, why="401", cause=Cause.MISCONFIGURED, cool_down=77.0
    )

    def probe(*_: object) -> ProbeAnswer:
        return found

    replace_method(world.prober, "probe", probe)

    world.next_turn()

    circuit = world.circuit()
    assert (circuit.cause, circuit.why) == (Cause.MISCONFIGURED, "401")
    assert circuit.cool_down == 77.0
    assert world.measured("ProbeUnwell") == [1]


def test_an_undecided_probe_is_repeated_on_the_next_turn() -> None:
    world = World()
    world.trip()
    world.prober.verdict = Verdict.UNDECIDED

    world.next_turn()
    world.next_turn()

    assert len(world.prober.probes) == 2
    assert world.circuit().state is State.OPEN


def test_an_empty_queue_on_two_turns_lets_it_ramp() -> None:
    world = World()
    world.trip()
    world.prober.verdict = Verdict.EMPTY

    world.next_turn()
    assert world.circuit().state is State.OPEN
    world.next_turn()

    assert world.circuit().state is State.HALF_OPEN


@pytest.mark.parametrize(
    "counts",
    [
        Counts(visible=1, in_flight=0, delayed=0),
        Counts(visible=0, in_flight=1, delayed=0),
        Counts(visible=0, in_flight=0, delayed=1),
    ],
)
def test_an_empty_receive_from_a_queue_that_holds_something_is_undecided(counts: Counts) -> None:
    world = World()
    world.trip()
    world.prober.verdict = Verdict.EMPTY
    world.queues.counted[PAYMENTS.queue] = counts

    for _ in range(4):
        world.next_turn()

    assert world.circuit().state is State.OPEN


def test_no_probe_is_begun_that_this_invocation_could_not_wait_for() -> None:
    world = World()
    world.trip()
    world.now += RULES.turn

    world.manager().handle({"action": "reconcile"}, world.now + PAYMENTS.timeout)

    assert world.prober.probes == []
    assert world.agrees()


def test_a_result_of_an_older_generation_is_void() -> None:
    world = World()
    world.trip()
    world.now += RULES.turn

    def operator_holds() -> None:
        before = world.circuit()
        after = world.machine.after(before, Disable(who="ada"), world.now)
        assert after is not None
        assert world.circuits.write(before, after)

    world.prober.meanwhile = operator_holds
    world.turn()

    assert world.circuit().state is State.HELD
    assert world.agrees()
