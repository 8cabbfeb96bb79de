"""The manager dies, or an API throttles, at every call of a turn: two turns later all is whole."""

from collections.abc import Callable

import pytest

from tests.emulated_account import throttled
from tests.integration.handlers.subscription_manager.system import TURN, System
from tests.unit.handlers.subscription_manager.tap import Killed, Tap


def tripped(system: System) -> None:
    system.trip()


def probe_due(system: System) -> None:
    system.trip()
    system.turn()
    system.account.settle(system.mapping)
    system.ahead += TURN


@pytest.mark.parametrize(
    ("scenario", "number"),
    [
        *[(probe_due, number) for number in range(19)],
        *[(tripped, number) for number in (4, 9)],
    ],
)
def test_after_a_death_at_any_call_all_is_whole_within_two_turns(
    system: System, scenario: Callable[[System], None], number: int
) -> None:
    scenario(system)
    tap = Tap()
    tap.kill_after = number
    with pytest.raises(Killed):
        system.turn(tap)
    system.account.settle(system.mapping)
    system.ahead += TURN + system.managed.timeout

    system.next_turn()
    system.next_turn()

    assert system.agrees()
    announced = [one["generation"] for one in system.heard()]
    assert set(announced) == set(range(1, system.circuit().generation + 1))


@pytest.mark.parametrize(
    ("api", "operation", "code"),
    [
        ("tables", "GetItem", "ThrottlingException"),
        ("tables", "UpdateItem", "ProvisionedThroughputExceededException"),
        ("tables", "TransactWriteItems", "TransactionInProgressException"),
        ("tables", "Query", "RequestLimitExceeded"),
        ("functions", "GetEventSourceMapping", "TooManyRequestsException"),
        ("functions", "UpdateEventSourceMapping", "ResourceInUseException"),
        ("sns", "Publish", "Throttled"),
        ("sqs", "GetQueueAttributes", "RequestThrottled"),
        ("metrics", "DescribeAlarms", "Throttling"),
    ],
)
def test_after_an_api_throttled_a_whole_turn_all_is_whole_within_two_turns(
    system: System, api: str, operation: str, code: str
) -> None:
    probe_due(system)
    if operation == "DescribeAlarms":
        system.next_turn()  # the alarm is read of a circuit that lets calls through
    with throttled(getattr(system.account, api), operation, code) as refused:
        system.turn()
    assert refused

    system.next_turn()
    system.next_turn()

    assert system.agrees()
    announced = [one["generation"] for one in system.heard()]
    assert set(announced) == set(range(1, system.circuit().generation + 1))
