"""What an operator sees of a service."""

from handlers.common.circuit.state import VERSION, State
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


def test_a_status_has_gaps_where_aws_does_not_answer() -> None:
    world = World()
    tap = Tap()
    tap.fail = lambda _number, name: name in ("mappings.view", "queues.counts")

    status = one(world.ask({"action": "status"}, tap))["status"]

    assert (status["circuit"], status["mapping"], status["queue"]) == ("closed", None, None)
