"""What operators may say, when it is obeyed, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import View
from handlers.common.errors import AwsUnavailable
from handlers.subscription_manager.commands import NotApplied
from handlers.subscription_manager.records import Applied, Order
from tests.unit.handlers.subscription_manager.world import PAYMENTS, SETUP, Killed, Tap, World


def say(action: str, **fields: object) -> str:
    return json.dumps({"action": action, **fields})


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def one(answer: dict[str, Any]) -> dict[str, Any]:
    (service,) = answer["services"]
    return service


@pytest.mark.parametrize("action", ["disable", "stop"])
def test_a_service_is_held_by_either_word(action: str) -> None:
    world = World()

    answer = one(world.ask({"action": action, "operator": "ada", "reason": "maintenance"}))

    status = answer["status"]
    assert (answer["result"], status["circuit"]) == ("applied", "held")
    assert (status["who"], status["why"]) == ("ada", "maintenance")
    assert status["mapping"] == {
        "state": "Disabled",
        "concurrency": 20,
        "reason": "",
        "agrees": True,
    }


@pytest.mark.parametrize("action", ["enable", "start"])
def test_a_held_service_ramps_up_by_either_word(action: str) -> None:
    world = World()
    world.force(State.HELD)

    status = one(world.ask({"action": action}))["status"]

    assert status["circuit"] == "half_open"
    assert (status["mapping"]["state"], status["mapping"]["concurrency"]) == ("Enabled", 2)


def test_a_repeated_direct_command_answers_the_same_and_changes_nothing() -> None:
    world = World()
    world.force(State.HELD)
    first = one(world.ask({"action": "enable"}))
    world.now += 1

    again = one(world.ask({"action": "enable"}))

    assert (first["result"], again["result"]) == ("applied", "unchanged")
    assert again["status"]["generation"] == first["status"]["generation"]


def test_a_command_without_a_service_is_for_every_service() -> None:
    world = World(PAYMENTS, SETUP)

    world.hear((say("disable", service=None), world.now))

    assert {world.circuit(name).state for name in ("payments", "setup")} == {State.HELD}


def test_a_command_for_one_service_leaves_the_other_alone() -> None:
    world = World(PAYMENTS, SETUP)

    world.hear((say("disable", service="setup"), world.now))

    assert world.circuit("payments").state is State.CLOSED
    assert world.circuit("setup").state is State.HELD


def test_an_older_command_that_arrives_later_is_ignored() -> None:
    world = World()

    world.hear((say("disable"), world.now))
    world.hear((say("enable"), world.now - 1))

    assert world.circuit().state is State.HELD


def test_records_of_one_event_are_obeyed_in_the_order_of_their_sending() -> None:
    world = World()

    world.hear((say("disable"), world.now), (say("enable"), world.now - 1))

    assert world.circuit().state is State.HELD


def test_a_command_delivered_twice_is_obeyed_once() -> None:
    world = World()
    message = (say("disable"), world.now)

    world.hear(message)
    world.hear(message)

    assert world.circuit().generation == 1


def test_a_command_without_an_effect_still_makes_the_older_one_void() -> None:
    world = World()

    world.hear((say("enable"), world.now))
    world.hear((say("disable"), world.now - 1))

    assert world.circuit().state is State.CLOSED


def test_a_status_does_not_make_an_older_hold_void() -> None:
    world = World()

    world.hear((say("status"), world.now))
    world.hear((say("disable"), world.now - 1))

    assert world.circuit().state is State.HELD


@pytest.mark.parametrize(("age", "state"), [(15 * 60 - 1, State.HELD), (901, State.CLOSED)])
def test_a_command_older_than_a_quarter_of_an_hour_is_ignored(age: float, state: State) -> None:
    world = World()

    world.hear((say("disable"), world.now - age))

    assert world.circuit().state is state


def test_a_command_past_its_validity_is_ignored() -> None:
    world = World()

    world.hear((say("disable", valid_until=iso(world.now - 1)), world.now - 60))

    assert world.circuit().state is State.CLOSED


def test_a_hold_ends_at_its_time() -> None:
    world = World()
    world.ask({"action": "disable", "hold_until": iso(world.now + 100)})

    world.next_turn()
    assert world.circuit().state is State.HELD
    world.next_turn()

    assert world.circuit().state is State.HALF_OPEN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("disable", "invalid_command"),
        ("[]", "invalid_command"),
        (say("explode"), "unknown_action"),
        (say("disable", service="billing"), "unknown_service"),
        (say("disable", service="../payments"), "invalid_command"),
        (say("disable", hold_untill="2030-01-01T00:00:00Z"), "invalid_command"),
        (say("disable", hold_until="1970-01-02T00:00:00Z"), "invalid_command"),
        (say("disable", hold_until="2030-01-01T00:00:00"), "invalid_command"),
        (say("enable", hold_until="2030-01-01T00:00:00Z"), "invalid_command"),
        (say("redrive", count=0), "invalid_command"),
        (say("trip", service="payments"), "invalid_command"),
        (json.dumps({"AlarmName": "another", "NewStateValue": "ALARM"}), "unknown_service"),
    ],
)
def test_what_does_not_validate_is_refused_and_counted_and_touches_nothing(
    text: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    tap = Tap()

    world.hear((text, world.now), tap=tap)

    assert tap.calls == []
    assert world.metrics == [("Refused", 1, "subscription-manager")]
    assert [record.__dict__["code"] for record in caplog.records] == [code]


def test_a_refused_record_does_not_stop_the_ones_beside_it() -> None:
    world = World()

    world.hear(("nonsense", world.now), (say("disable"), world.now))

    assert world.circuit().state is State.HELD


@pytest.mark.parametrize("event", [None, [], {}, {"Records": [{"eventSource": "aws:sqs"}]}])
def test_an_event_that_is_none_of_ours_is_refused(event: object) -> None:
    world = World()

    assert world.ask(event)["accepted"] is False
    assert world.circuits.history == []


def test_a_trip_cannot_be_told_by_a_direct_invocation() -> None:
    world = World()
    event = {"action": "trip", "service": "payments", "generation": 0, "cause": "unavailable"}

    assert world.ask(event)["accepted"] is False


def test_a_trip_on_the_topic_wakes_the_manager_for_its_service_only() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    world.trip("setup")
    text = say("trip", service="payments", generation=0, cause="unavailable", newer_field=1)

    world.hear((text, world.now))

    assert [change[0] for change in world.mappings.changes] == [PAYMENTS.mapping]


def test_a_trip_message_alone_opens_nothing() -> None:
    world = World()

    world.hear((say("trip", service="payments", generation=0, cause="unavailable"), world.now))

    assert world.circuit().state is State.CLOSED


def test_an_alarm_notification_wakes_the_manager() -> None:
    world = World(PAYMENTS, SETUP)
    world.trip("payments")
    alarm = {"AlarmName": PAYMENTS.alarm, "NewStateValue": "ALARM", "Region": "US East (Ohio)"}

    world.hear((json.dumps(alarm), world.now))

    assert world.agrees()


def test_a_probe_on_demand_does_not_wait_for_the_cool_down() -> None:
    world = World()
    world.trip()

    answer = one(world.ask({"action": "probe", "operator": "ada"}))

    assert len(world.prober.probes) == 1
    assert answer["status"]["circuit"] == "half_open"


def test_a_probe_on_demand_of_a_held_service_is_refused() -> None:
    world = World()
    world.force(State.HELD)

    answer = world.ask({"action": "probe"})

    assert (answer["accepted"], one(answer)["result"]) == (False, "refused")
    assert world.prober.probes == []


def test_a_probe_on_demand_of_a_closed_service_changes_nothing() -> None:
    world = World()

    assert one(world.ask({"action": "probe"}))["result"] == "unchanged"
    assert world.prober.probes == []


def test_a_refresh_puts_the_mapping_right_and_answers_with_the_status() -> None:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False

    answer = one(world.ask({"action": "refresh"}))

    assert answer["status"]["mapping"]["agrees"]
    assert world.agrees()


def test_a_status_asked_by_sns_is_answered_on_the_notifications_topic() -> None:
    world = World(PAYMENTS, SETUP)

    world.hear((say("status"), world.now))

    (sent,) = world.notifications.sent
    assert sent["kind"] == "status"
    assert [service["service"] for service in sent["services"]] == ["payments", "setup"]


def test_of_a_circuit_that_cannot_be_read_a_status_has_the_name_alone() -> None:
    world = World(PAYMENTS, SETUP)
    world.force(State.CLOSED, "payments", version=VERSION + 1)

    world.hear((say("status"), world.now))

    (sent,) = world.notifications.sent
    payments, setup = sent["services"]
    assert payments == {"service": "payments", "status": None}
    assert setup["status"]["circuit"] == "closed"


def test_a_status_tells_what_an_operator_asks_first() -> None:
    world = World()
    world.trip()
    world.waits(visible=3)
    world.queues.ages[PAYMENTS.queue] = 100

    status = one(world.ask({"action": "status"}))["status"]

    assert (status["circuit"], status["cause"], status["why"]) == ("open", "unavailable", "503")
    assert status["next_probe_at"] == "1970-01-12T13:47:10.000+00:00"
    assert status["queue"]["visible"] == 3
    assert status["dead_letters"] == 0
    assert status["time_to_data_loss"] == 14 * 24 * 3600 - 100


def test_a_status_has_gaps_where_aws_does_not_answer() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name in ("mappings.view", "queues.counts")

    status = one(world.ask({"action": "status"}, tap))["status"]

    assert (status["circuit"], status["mapping"], status["queue"]) == ("closed", None, None)


def test_a_command_from_sns_that_the_store_refuses_is_raised_so_that_it_comes_again() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name == "records.apply"

    with pytest.raises(NotApplied, match=r"records\.apply failed"):
        world.hear((say("disable"), world.now), tap=tap)
    world.hear((say("disable"), world.now))

    assert world.circuit().state is State.HELD


def test_a_command_that_fails_for_one_service_is_applied_to_the_others_and_comes_again() -> None:
    world = World(PAYMENTS, SETUP)
    world.force(State.CLOSED, "payments", version=VERSION + 1)
    message = (say("disable"), world.now)

    with pytest.raises(NotApplied, match="payments"):
        world.hear(message)

    assert world.circuit("setup").state is State.HELD
    assert world.agrees(SETUP)
    world.newer = True
    world.hear(message)
    assert world.circuit("payments").state is State.HELD


def with_an_unreadable_record(world: World, broken: str) -> None:
    """Somebody changed the item by hand, say."""
    read = world.circuits.read

    def misread(service: str) -> View:
        if service == broken:
            raise ValueError
        return read(service)

    setattr(world.circuits, "read", misread)  # noqa: B010 - a method is replaced


def test_a_record_that_nobody_can_read_keeps_no_command_from_another_service() -> None:
    world = World(PAYMENTS, SETUP)
    with_an_unreadable_record(world, "payments")

    with pytest.raises(NotApplied, match="payments"):
        world.hear((say("disable"), world.now))

    assert world.circuit("setup").state is State.HELD


def test_a_record_that_nobody_can_read_is_a_gap_in_the_status() -> None:
    world = World(PAYMENTS, SETUP)
    with_an_unreadable_record(world, "payments")

    world.hear((say("status"), world.now))

    payments, setup = world.notifications.sent[-1]["services"]
    assert payments == {"service": "payments", "status": None}
    assert setup["status"]["circuit"] == "closed"


def test_a_direct_command_for_a_circuit_of_a_newer_image_says_so() -> None:
    world = World()
    world.force(State.CLOSED, version=VERSION + 1)

    answer = one(world.ask({"action": "disable"}))

    assert answer["result"] == "failed"
    assert "version" in answer["detail"]


def test_a_direct_command_that_the_store_refuses_says_so() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name == "records.apply"

    answer = one(world.ask({"action": "disable"}, tap))

    assert answer["result"] == "failed"


def test_a_transaction_that_meets_another_one_is_tried_again() -> None:
    world = World()
    tap = Tap()
    failures = iter([True, True])
    tap.fail = lambda _number, name: name == "records.apply" and next(failures, False)

    assert one(world.ask({"action": "disable"}, tap))["result"] == "applied"


def test_a_command_that_was_applied_though_its_answer_was_lost_is_applied() -> None:
    world = World()
    apply = world.records.apply
    lost = iter([True])

    def unheard(before: Circuit, after: Circuit, order: Order) -> Applied:
        applied = apply(before, after, order)
        if next(lost, False):
            raise AwsUnavailable("no answer")
        return applied

    setattr(world.records, "apply", unheard)  # noqa: B010 - a method is replaced
    assert one(world.ask({"action": "disable"}))["result"] == "applied"
    assert world.circuit().generation == 1


def test_a_trip_between_reading_and_writing_does_not_lose_the_hold() -> None:
    world = World()
    tap = Tap()

    def trip_first(_number: int, name: str) -> None:
        if name == "records.apply" and world.circuit().state is State.CLOSED:
            world.trip()

    tap.before = trip_first
    world.ask({"action": "disable"}, tap)

    assert world.circuit().state is State.HELD


def test_of_two_managers_the_newer_command_wins_whatever_lies_between() -> None:
    world = World()
    tap = Tap()

    def newer_first(_number: int, name: str) -> None:
        if name == "records.apply" and not world.circuits.history:
            tap.before = lambda _number, _name: None
            world.hear((say("enable"), world.now + 1))

    tap.before = newer_first
    world.hear((say("disable"), world.now), tap=tap)

    assert world.circuit().state is State.CLOSED


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("moment", ["kill_before", "kill_after"])
def test_a_command_that_died_halfway_is_whole_when_it_comes_again(number: int, moment: str) -> None:
    world = World()
    message = (say("disable"), world.now)
    tap = Tap()
    setattr(tap, moment, number)
    with pytest.raises(Killed):
        world.hear(message, tap=tap)

    world.now += 60
    world.hear(message)
    world.turn()

    assert (world.circuit().state, world.circuit().generation) == (State.HELD, 1)
    assert world.agrees()
