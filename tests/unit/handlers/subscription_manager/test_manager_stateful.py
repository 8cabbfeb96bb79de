"""Anything in any order: what always holds of the circuit, its mapping and its probes."""

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from handlers.common.circuit.events import Alarm, Trip, Verdict
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.errors import Cause
from handlers.subscription_manager.commands import NotApplied
from tests.unit.handlers.subscription_manager.deploys import Deploys
from tests.unit.handlers.subscription_manager.messages import iso, say
from tests.unit.handlers.subscription_manager.newest_command import NewestCommand
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RULES, managed
from tests.unit.handlers.subscription_manager.tap import Killed, Tap
from tests.unit.handlers.subscription_manager.world import World

SKEWS = st.sampled_from([-2.5, 0.0, 2.5])
"""Seconds; two managers' clocks differ by less than the margin of a lease."""

PATIENT = managed("payments", timeout=90)
"""Its probes may outlast a turn, and so must the lease."""

TICK = 0.01
"""Seconds between two of the test's events: SNS's times differ."""


class Everything(RuleBasedStateMachine):
    """Managers with differing clocks, workers, operators, a bank, and AWS's failures."""

    commands = Bundle("commands")

    def __init__(self) -> None:
        super().__init__()
        self.world = World(PATIENT)
        self.world.waits()
        self.seen: list[Circuit] = [self.world.circuit()]
        self.deploys = Deploys()
        self.newest = NewestCommand()

    # Deploys

    @initialize(begun=st.booleans())
    def a_deploy_may_have_begun(self, begun: bool) -> None:
        if begun:
            self.deploys.begin_or_end()

    @rule()
    def a_deploy_begins_or_ends(self) -> None:
        self.deploys.begin_or_end()
        self.world.newer = self.deploys.newest

    # Workers

    @rule(age=st.integers(0, 3), newer=st.booleans())
    def a_worker_trips_on_what_it_last_read(self, age: int, newer: bool) -> None:
        read = self.seen[max(len(self.seen) - 1 - age, 0)]
        newer = newer if newer in self.deploys.running else self.deploys.newest
        if read.version > VERSION and not newer:
            return  # an older worker hands back what a newer circuit is about
        trip = Trip(generation=read.generation, cause=Cause.UNAVAILABLE, why="503", who="worker")
        opened = self.world.machine.after(read, trip, self.world.now)
        if opened is not None:
            version = VERSION + 1 if newer else VERSION
            self.world.circuits.write(read, replace(opened, version=version))
        self._noticed()

    @rule(target=commands)
    def a_trip_is_told(self) -> tuple[str, float]:
        text = say("trip", service="payments", generation=0, cause="unavailable")
        return text, self._sent()

    # Operators

    @rule(target=commands, action=st.sampled_from(["enable", "disable", "probe", "status"]))
    def an_operator_says(self, action: str) -> tuple[str, float]:
        return say(action, operator="ada"), self._sent()

    @rule(target=commands, seconds=st.integers(1, 600))
    def an_operator_holds_for_a_while(self, seconds: int) -> tuple[str, float]:
        text = say("disable", operator="ada", hold_until=iso(self.world.now + seconds))
        return text, self._sent()

    @rule(message=commands, killed_at=st.none() | st.integers(0, 12))
    def a_message_is_delivered_now_late_or_again(
        self, message: tuple[str, float], killed_at: int | None
    ) -> None:
        tap = Tap()
        tap.kill_after = killed_at
        try:
            self.world.hear(message, tap=tap)
        except (Killed, NotApplied):
            # Lambda brings it again, in the end to an image that understands the circuit.
            self.world.newer = self.deploys.newest
            self.world.now += TICK
            self.world.hear(message)
        self.newest.delivered(message, self.world.now)
        self._noticed()

    # The manager's turns

    @rule(skew=SKEWS)
    def a_turn(self, skew: float) -> None:
        self.world.turn(skew=skew)
        self._noticed()

    @rule(skew=SKEWS, number=st.integers(0, 20))
    def a_turn_that_dies(self, skew: float, number: int) -> None:
        tap = Tap()
        tap.kill_after = number
        with contextlib.suppress(Killed):
            self.world.turn(tap, skew)
        self._noticed()

    @rule(skew=SKEWS, number=st.integers(0, 20), other=SKEWS, waits=st.floats(0, 100))
    def two_turns_at_once(self, skew: float, number: int, other: float, waits: float) -> None:
        tap = Tap()

        def other_first(call: int, name: str) -> None:
            if call == number and not name.startswith("prober"):
                self.world.now += min(waits, RULES.turn / 2)
                self.world.turn(skew=other)

        tap.before = other_first
        self.world.turn(tap, skew)
        self._noticed()

    @rule(skew=SKEWS, other=SKEWS, lasts=st.floats(0, PATIENT.timeout))
    def a_turn_during_a_probe(self, skew: float, other: float, lasts: float) -> None:
        def meanwhile() -> None:
            self.world.now += lasts
            self.world.turn(skew=other)

        self.world.prober.meanwhile = meanwhile
        self.world.turn(skew=skew)
        self.world.prober.meanwhile = lambda: None
        self._noticed()

    @rule(skew=SKEWS, name=st.sampled_from(["mappings", "alarms", "notifications", "queues"]))
    def a_turn_while_an_api_fails(self, skew: float, name: str) -> None:
        tap = Tap()
        tap.fail = lambda _number, called: called.startswith(name)
        self.world.turn(tap, skew)
        self._noticed()

    @rule()
    def a_turn_while_the_store_fails(self) -> None:
        tap = Tap()
        tap.fail = lambda _number, called: called.startswith(("circuits", "records"))
        self.world.turn(tap)
        self._noticed()

    # The world

    @rule(verdict=st.sampled_from(Verdict))
    def the_bank_changes(self, verdict: Verdict) -> None:
        self.world.prober.verdict = verdict

    @rule(seconds=st.sampled_from([1, 29, 60, 61, 300, 2000]))
    def time_passes(self, seconds: int) -> None:
        self.world.now += seconds

    @rule(ago=st.sampled_from([0, 100]))
    def the_alarm_fires(self, ago: int) -> None:
        self.world.alarms.fired[PAYMENTS.alarm] = Alarm(at=self.world.now - ago, why="errors")

    @rule()
    def the_alarm_is_over(self) -> None:
        self.world.alarms.fired.clear()

    @rule(enabled=st.booleans(), concurrency=st.integers(2, 30))
    def somebody_changes_the_mapping_by_hand(self, enabled: bool, concurrency: int) -> None:
        self.world.mappings.enabled[PAYMENTS.mapping] = enabled
        self.world.mappings.concurrency[PAYMENTS.mapping] = concurrency

    @rule(seconds=st.integers(0, 90))
    def mappings_take_their_time(self, seconds: int) -> None:
        self.world.mappings.transition = seconds

    @rule()
    def two_quiet_turns_make_all_agree(self) -> None:
        self.world.mappings.transition = 0
        self.world.now += 100
        for _ in range(2):
            self._whole_turn()
        self._noticed()
        assert self.world.agrees()
        assert self.world.records.lease("payments") is None

    @rule()
    def with_a_healthy_bank_every_state_has_an_exit(self) -> None:
        self.world.mappings.transition = 0
        self.world.alarms.fired.clear()
        self.world.prober.verdict = Verdict.WELL
        self.world.now += RULES.cool_down_cap
        for _ in range(6):
            self._whole_turn()
        self._noticed()
        circuit = self.world.circuit()
        endless = circuit.state is State.HELD and circuit.hold_until is None
        ahead = circuit.hold_until is not None and circuit.hold_until > self.world.now - 120
        assert circuit.state is State.CLOSED or endless or ahead

    @invariant()
    def an_older_image_never_writes_over_a_newer_ones_circuit(self) -> None:
        versions = [after.version for _, after in self.world.circuits.history]
        assert versions == sorted(versions)

    @invariant()
    def a_service_is_never_probed_by_two_at_once(self) -> None:
        assert self.world.prober.most_running <= 1

    @invariant()
    def generations_follow_each_other(self) -> None:
        history = [after.generation for _, after in self.world.circuits.history]
        assert history == list(range(1, len(history) + 1))

    @invariant()
    def a_hold_is_ended_by_an_operator_or_by_its_own_end(self) -> None:
        for before, after in self.world.circuits.history:
            if before.state is State.HELD and after.who != "ada":
                assert before.hold_until is not None
                assert after.since >= before.hold_until

    @invariant()
    def the_newest_command_that_was_delivered_in_time_stands(self) -> None:
        assert self.newest.allows(self.world.circuit().state)

    @invariant()
    def announcements_come_in_order_and_leave_none_out(self) -> None:
        generations = self.world.notifications.generations("payments")
        assert sorted(set(generations)) == list(range(1, max(generations, default=0) + 1))

    def teardown(self) -> None:
        self.two_quiet_turns_make_all_agree()
        self.with_a_healthy_bank_every_state_has_an_exit()
        announced = self.world.notifications.generations("payments")
        assert max(announced, default=0) == self.world.circuit().generation

    def _whole_turn(self) -> None:
        """A turn of the newest image, and during a deploy one of the older image before it."""
        self.world.newer = self.deploys.oldest
        if self.deploys.under_way:
            self.world.turn()
        self.world.newer = self.deploys.newest
        self.world.next_turn()

    def _sent(self) -> float:
        self.world.now += TICK
        return round(self.world.now, 3)

    def _noticed(self) -> None:
        """Each event may be another image's, while there are two."""
        self.world.newer = not self.world.newer if self.deploys.under_way else self.deploys.newest
        self.seen.append(self.world.circuit())


def test_whatever_happens_in_whatever_order() -> None:
    run_state_machine_as_test(
        Everything,
        settings=settings(
            max_examples=150,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
