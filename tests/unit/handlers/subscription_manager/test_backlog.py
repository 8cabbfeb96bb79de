"""How long until SQS throws the oldest message away."""

from handlers.common.circuit.events import Verdict
from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RETENTION, RULES
from tests.unit.handlers.subscription_manager.world import World


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
