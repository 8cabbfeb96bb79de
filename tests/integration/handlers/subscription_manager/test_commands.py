"""What operators say by SNS and by invocation, and what they are answered."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from handlers.common.circuit.state import State
from tests.integration.handlers.subscription_manager.system import RETENTION, System
from tests.unit.handlers.subscription_manager.messages import say, sns_event


def test_of_many_commands_at_once_the_newest_stands(system: System) -> None:
    now = system.clock()
    words = ["disable", "enable"] * 4
    events = [
        sns_event((say(word, reason=str(number)), now + number / 1000))
        for number, word in enumerate([*words, "disable"])
    ]

    def hear(event: dict[str, Any]) -> None:
        system.manager().handle(event, system.clock() + 60)

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(hear, reversed(events)))

    assert (system.circuit().state, system.circuit().why) == (State.HELD, "8")


def test_an_operators_commands_come_by_sns_and_are_answered_on_the_notifications_topic(
    system: System,
) -> None:
    now = system.clock()
    event = sns_event(
        (say("disable", operator="ada", reason="work"), now),
        (say("status"), now + 0.001),
    )

    system.manager().handle(event, system.clock() + 60)

    heard = {one["kind"]: one for one in system.heard()}
    assert (heard["transition"]["to_state"], heard["transition"]["who"]) == ("held", "ada")
    (service,) = heard["status"]["services"]
    status = service["status"]
    assert (status["circuit"], status["mapping"]["agrees"]) == ("held", True)


def test_the_status_counts_what_waits(system: System) -> None:
    system.hold()
    system.account.send(system.queue, "1", "2", "3")
    system.dead_letter(1)

    status = system.ask({"action": "status"})["status"]

    assert (status["queue"]["visible"], status["queue"]["in_flight"]) == (3, 0)
    assert status["dead_letters"] == 1


def test_the_time_to_data_loss_follows_the_age_that_cloudwatch_knows(system: System) -> None:
    system.hold()
    system.account.send(system.queue, "1")
    system.account.metrics.put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [
                    {"Name": "QueueName", "Value": system.queue.rsplit("/", maxsplit=1)[-1]}
                ],
                "Value": 600,
                "Unit": "Seconds",
            }
        ],
    )

    answer = system.ask({"action": "status"})

    assert answer["status"]["time_to_data_loss"] == RETENTION - 600
