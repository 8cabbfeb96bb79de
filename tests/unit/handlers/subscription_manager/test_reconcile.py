"""One turn, on a world in memory."""

from threading import Event

import pytest
from msgspec.structs import replace

from handlers.common.circuit.events import Alarm, Disable, Verdict
from handlers.common.circuit.state import VERSION, State
from handlers.common.errors import Cause
from handlers.subscription_manager.ports import Counts, ProbeAnswer
from handlers.subscription_manager.settings import Managed
from tests.unit.handlers.subscription_manager.world import (
    FULL,
    PAYMENTS,
    RETENTION,
    RULES,
    SETUP,
    Killed,
    Tap,
    World,
)


def results(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {one["service"]: one["turn"] for one in answer["services"]}


def test_an_open_circuit_disables_its_mapping_in_one_call() -> None:
    world = World()
    world.trip()

    world.turn()

    assert world.mappings.changes == [(PAYMENTS.mapping, False, FULL)]


def test_a_mapping_that_is_as_wanted_is_left_alone() -> None:
    world = World()

    world.turn()

    assert world.mappings.changes == []


def test_a_mapping_disabled_by_hand_is_enabled_again() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False

    world.turn()

    assert world.agrees()


def test_a_mapping_with_another_concurrency_is_set_right() -> None:
    world = World()
    world.mappings.concurrency[PAYMENTS.mapping] = 7

    world.turn()

    assert world.mappings.changes == [(PAYMENTS.mapping, True, FULL)]


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

    setattr(world.prober, "probe", probe)  # noqa: B010 - a method is replaced

    world.next_turn()

    circuit = world.circuit()
    assert (circuit.cause, circuit.why) == (Cause.MISCONFIGURED, "401")
    assert circuit.cool_down == 77.0
    assert world.measured("ProbeUnwell") == [1]


def test_the_verdict_of_a_manager_that_lost_its_lease_is_void() -> None:
    world = World()
    world.trip()

    def taken_over() -> None:
        world.records.take_lease("payments", "lease", "another", 10**9, 2 * 10**9)

    world.prober.meanwhile = taken_over
    world.next_turn()

    assert world.circuit().state is State.OPEN


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


def test_a_circuit_that_changes_during_the_turn_is_followed() -> None:
    world = World()
    tap = Tap()

    def trip_at_the_mapping(_number: int, name: str) -> None:
        if name == "mappings.view" and world.circuit().state is State.CLOSED:
            world.trip()

    tap.before = trip_at_the_mapping
    world.turn(tap)

    assert world.circuit().state is State.OPEN
    assert world.agrees()


def test_an_alarm_newer_than_the_state_opens_the_circuit() -> None:
    world = World()
    world.alarms.fired[PAYMENTS.alarm] = Alarm(at=world.now, why="errors")

    world.turn()

    assert (world.circuit().state, world.circuit().cause) == (State.OPEN, Cause.ALARM)
    assert world.agrees()


def test_an_alarm_older_than_the_state_does_not() -> None:
    world = World()
    world.force(State.CLOSED)
    world.alarms.fired[PAYMENTS.alarm] = Alarm(at=world.now - 1, why="errors")

    world.turn()

    assert world.circuit().state is State.CLOSED


def test_a_busy_mapping_is_asked_again_a_little_then_left_to_the_next_turn() -> None:
    world = World()
    world.mappings.settled_at[PAYMENTS.mapping] = world.now + RULES.turn
    world.force(State.HELD)
    tap = Tap()

    assert results(world.turn(tap)) == {"payments": "failed"}
    assert 1 < tap.calls.count("mappings.change") < 10
    assert not world.agrees()
    world.next_turn()

    assert world.agrees()


def test_a_mapping_that_settles_soon_is_changed_in_the_same_turn() -> None:
    world = World()
    world.mappings.settled_at[PAYMENTS.mapping] = world.now + 0.5
    world.trip()

    world.turn()

    assert world.agrees()


def test_each_transition_is_announced_once_and_in_order() -> None:
    world = World()
    world.trip()
    for _ in range(5):
        world.next_turn()

    assert world.notifications.generations("payments") == [1, 2, 3]
    assert len(world.measured("Transitions")) == 3


def test_a_transition_is_announced_with_all_that_is_known_of_it() -> None:
    world = World()
    world.trip()

    world.turn()

    assert world.notifications.sent == [
        {
            "kind": "transition",
            "service": "payments",
            "generation": 1,
            "from_state": "closed",
            "to_state": "open",
            "at": "1970-01-12T13:46:40.000+00:00",
            "left_closed_at": "1970-01-12T13:46:40.000+00:00",
            "who": "worker",
            "why": "503",
            "cause": "unavailable",
            "cool_down": 30,
            "hold_until": None,
        }
    ]


def test_recovery_is_counted_from_leaving_closed_over_however_many_openings() -> None:
    world = World()
    began = world.trip().since
    world.prober.verdict = Verdict.UNWELL
    while world.circuit().generation < 40:
        world.next_turn()
    world.prober.verdict = Verdict.WELL
    while world.circuit().state is not State.CLOSED:
        world.next_turn()

    assert world.measured("RecoveryTime") == [world.circuit().since - began]


def test_one_service_that_fails_does_not_stop_the_other() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    world.trip("setup")
    tap = Tap()
    broken = world.circuits.read

    def read(service: str) -> object:
        if service == "payments":
            raise ZeroDivisionError
        return broken(service)

    world.circuits.read = read  # pyright: ignore[reportAttributeAccessIssue] - breaks one service
    answer = world.turn(tap)

    assert results(answer) == {"payments": "failed", "setup": "done"}
    assert (SETUP.mapping, False, FULL) in world.mappings.changes


def test_a_slow_probe_of_one_service_keeps_no_other_waiting() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    world.trip("setup")
    world.turn()
    world.now += RULES.turn
    probe, other_probed = world.prober.probe, Event()

    def slow_for_payments(managed: Managed, generation: int, lease: str) -> ProbeAnswer:
        if managed is PAYMENTS:
            assert other_probed.wait(timeout=10)
        else:
            other_probed.set()
        return probe(managed, generation, lease)

    world.prober.probe = slow_for_payments  # pyright: ignore[reportAttributeAccessIssue] - a slow one
    answer = world.turn()

    assert results(answer) == {"payments": "done", "setup": "done"}


def test_a_turn_whose_lease_another_holds_does_nothing() -> None:
    world = World()
    world.trip()
    world.records.take_lease("payments", "lease", "another", world.now, world.now + 30)

    assert results(world.turn()) == {"payments": "busy"}
    assert world.mappings.changes == []


def test_the_lease_of_a_dead_manager_ends_before_the_next_turn() -> None:
    world = World()
    world.trip()
    tap = Tap()
    tap.kill_before = 2
    with pytest.raises(Killed):
        world.turn(tap)

    assert results(world.next_turn()) == {"payments": "done"}


def test_a_manager_that_lost_its_lease_changes_no_mapping() -> None:
    world = World()
    world.trip()
    tap = Tap()

    def stall(_number: int, name: str) -> None:
        if name == "records.keep_lease":
            world.records.take_lease("payments", "lease", "another", 10**9, 2 * 10**9)

    tap.before = stall
    assert results(world.turn(tap)) == {"payments": "busy"}
    assert world.mappings.changes == []


def test_a_circuit_of_a_newer_image_is_left_alone() -> None:
    world = World()
    before = world.circuit()
    world.circuits.write(
        before, replace(before, state=State.OPEN, generation=1, version=VERSION + 1)
    )

    assert results(world.turn()) == {"payments": "failed"}
    assert world.mappings.changes == []


def test_an_alarm_that_cannot_be_read_does_not_stop_the_turn() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False
    tap = Tap()
    tap.fail = lambda _number, name: name == "alarms.firing"

    assert results(world.turn(tap)) == {"payments": "done"}
    assert world.agrees()


@pytest.mark.parametrize("broken", ["notifications.publish", "queues.counts", "mappings.view"])
def test_a_turn_that_was_not_whole_is_not_counted_as_one(broken: str) -> None:
    world = World()
    world.trip()
    tap = Tap()
    tap.fail = lambda _number, name: name == broken

    assert results(world.turn(tap)) == {"payments": "failed"}
    assert world.measured("Reconciles") == []
    assert world.measured("CircuitState") == [2.0]


def test_a_whole_turn_is_counted() -> None:
    world = World()

    world.turn()

    assert world.measured("Reconciles") == [1.0]


def test_an_empty_queue_has_its_whole_retention_left() -> None:
    world = World()

    world.turn()

    assert world.measured("TimeToDataLoss") == [RETENTION]


def test_the_time_to_data_loss_follows_cloudwatchs_age() -> None:
    world = World()
    world.waits()
    world.queues.ages[PAYMENTS.queue] = 1000

    world.turn()

    assert world.measured("TimeToDataLoss") == [RETENTION - 1000]


def test_while_paused_the_time_to_data_loss_runs_without_cloudwatch() -> None:
    world = World()
    world.force(State.HELD)
    world.waits()

    world.turn()
    world.now += 3600
    world.turn()

    assert world.measured("TimeToDataLoss") == [RETENTION, RETENTION - 3600]


def test_a_message_that_a_probe_met_makes_the_time_to_data_loss_shorter() -> None:
    world = World()
    world.trip()
    world.waits()
    world.prober.verdict = Verdict.UNWELL
    world.prober.sent_at = world.now - 5000

    world.next_turn()

    assert world.measured("TimeToDataLoss") == [RETENTION - 5000 - RULES.turn]


def test_a_later_message_met_by_a_probe_does_not_make_it_longer() -> None:
    world = World()
    world.trip()
    world.waits()
    world.prober.verdict = Verdict.UNDECIDED
    world.prober.sent_at = world.now - 5000
    world.next_turn()
    world.prober.sent_at = world.now

    world.next_turn()

    assert world.measured("TimeToDataLoss")[-1] == RETENTION - 5000 - 2 * RULES.turn


def test_what_waited_in_an_earlier_pause_is_forgotten_when_calls_are_allowed() -> None:
    world = World()
    world.force(State.HELD)
    world.waits()
    world.turn()
    world.force(State.CLOSED)
    world.turn()
    world.now += 10_000
    world.force(State.HELD)

    world.turn()

    assert world.measured("TimeToDataLoss")[-1] == RETENTION


def test_a_ramp_that_ends_before_the_next_turn_is_closed_by_this_one() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    ends = world.now + 45

    world.turn()

    assert world.circuit().state is State.CLOSED
    assert world.now >= ends
    assert world.agrees()


def test_a_ramp_that_ends_after_the_next_turn_is_left_to_it() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + RULES.turn + 15)
    began = world.now

    world.turn()

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began


def test_a_ramp_that_outlasts_the_invocation_is_left_to_the_next_turn() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    began = world.now

    world.manager().handle({"action": "reconcile"}, world.now + 45)

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began


def test_an_operator_never_waits_for_a_ramp() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 45)
    began = world.now

    world.ask({"action": "refresh"})

    assert world.circuit().state is State.HALF_OPEN
    assert world.now == began
