"""Worlds in which the next turn has something to do."""

from collections.abc import Callable

from handlers.common.circuit.events import Alarm, Verdict
from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.services import PAYMENTS, RULES
from tests.unit.handlers.subscription_manager.world import World


def tripped() -> World:
    world = World()
    world.trip()
    return world


def probe_due() -> World:
    world = tripped()
    world.turn()
    world.now += RULES.turn
    return world


def probe_due_and_the_bank_still_down() -> World:
    world = probe_due()
    world.prober.verdict = Verdict.UNWELL
    world.prober.sent_at = world.now - 600
    world.waits()
    return world


def hold_over() -> World:
    world = World()
    world.force(State.HELD, hold_until=world.now + 10)
    world.turn()
    world.now += RULES.turn
    return world


def ramp_over() -> World:
    world = probe_due()
    world.turn()
    world.now += 2 * RULES.turn
    return world


def alarm_fired() -> World:
    world = World()
    world.alarms.fired[PAYMENTS.alarm] = Alarm(at=world.now + 1, why="errors")
    return world


def mapping_changed_by_hand() -> World:
    world = World()
    world.mappings.enabled[PAYMENTS.mapping] = False
    return world


def unannounced_history() -> World:
    world = World()
    world.force(State.OPEN, retry_at=world.now + 10**6)
    world.force(State.HELD)
    world.force(State.HALF_OPEN, ramp_until=world.now + 10**6)
    return world


SCENARIOS: tuple[Callable[[], World], ...] = (
    tripped,
    probe_due,
    probe_due_and_the_bank_still_down,
    hold_over,
    ramp_over,
    alarm_fired,
    mapping_changed_by_hand,
    unannounced_history,
)
