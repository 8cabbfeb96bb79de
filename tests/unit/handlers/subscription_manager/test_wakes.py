"""Trips and alarms on the control topic wake the manager, and open nothing by themselves."""

import json

from handlers.common.circuit.state import State
from tests.unit.handlers.subscription_manager.messages import say
from tests.unit.handlers.subscription_manager.services import PAYMENTS, SETUP
from tests.unit.handlers.subscription_manager.world import World


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
