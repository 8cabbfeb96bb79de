"""What an operator sees of a service."""

from handlers.common.circuit.state import VERSION, State
from handlers.subscription_manager import moments
from tests.unit.handlers.subscription_manager.dead_letters import letter, run, world_with
from tests.unit.handlers.subscription_manager.messages import one, say
from tests.unit.handlers.subscription_manager.services import PAYMENTS, SETUP
from tests.unit.handlers.subscription_manager.tap import Tap
from tests.unit.handlers.subscription_manager.world import World


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


def test_a_status_tells_how_far_the_last_redrive_came() -> None:
    world = world_with(letter(1), letter(2, code="other"))
    ordered_at = moments.iso(world.now)
    world.ask({"action": "redrive", "code": "defect"})
    run(world)
    redrive = world.records.redrive("payments")
    assert redrive is not None

    assert one(world.ask({"action": "status"}))["status"]["redrive"] == {
        "ordered_at": ordered_at,
        "done_at": moments.iso(redrive.done_at),
        "moved": 1,
        "held_back": 0,
        "passed_over": 1,
    }


def test_a_status_tells_until_when_a_service_is_held() -> None:
    world = World()
    world.force(State.HELD, hold_until=world.now + 60)

    answer = one(world.ask({"action": "status"}))["status"]

    assert answer["hold_until"] == moments.iso(world.now + 60)


def test_a_status_tells_when_a_ramp_closes() -> None:
    world = World()
    world.force(State.HALF_OPEN, ramp_until=world.now + 60)

    answer = one(world.ask({"action": "status"}))["status"]

    assert answer["closes_at"] == moments.iso(world.now + 60)


def test_a_status_has_gaps_where_aws_does_not_answer() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name in ("mappings.view", "queues.counts")

    status = one(world.ask({"action": "status"}, tap))["status"]

    assert (status["circuit"], status["mapping"], status["queue"]) == ("closed", None, None)
