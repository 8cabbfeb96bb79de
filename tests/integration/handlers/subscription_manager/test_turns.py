"""Turns pause the mapping, bring it back by themselves, and probe one at a time."""

from concurrent.futures import ThreadPoolExecutor

from handlers.common.circuit.state import State
from handlers.common.errors import Cause
from tests.emulated_account import eventually
from tests.integration.handlers.subscription_manager.system import FAST, FULL, TURN, System


def test_it_pauses_and_comes_back_by_itself(system: System) -> None:
    system.trip()
    system.turn()
    assert eventually(lambda: system.account.state(system.mapping) == "Disabled")

    system.next_turn()
    half_open = system.mappings.view(system.mapping)
    assert system.circuit().state is State.HALF_OPEN
    assert half_open.concurrency == FAST.ramp_concurrency
    system.next_turn()
    system.next_turn()

    assert system.circuit().state is State.CLOSED
    assert system.mappings.view(system.mapping).concurrency == FULL
    assert [one["to_state"] for one in system.heard()] == ["open", "half_open", "closed"]


def test_a_mapping_in_transition_is_asked_again_until_it_takes_the_change(system: System) -> None:
    system.account.functions.update_event_source_mapping(UUID=system.mapping, Enabled=True)
    system.trip()

    answer = system.turn()

    assert answer["turn"] == "done"
    assert eventually(lambda: system.account.state(system.mapping) == "Disabled")


def test_an_alarm_in_alarm_opens_the_circuit(system: System) -> None:
    system.account.metrics.put_metric_alarm(
        AlarmName=system.alarm,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    system.turn()
    assert system.circuit().state is State.CLOSED
    system.account.metrics.set_alarm_state(
        AlarmName=system.alarm, StateValue="ALARM", StateReason="crashes"
    )

    system.turn()

    assert (system.circuit().state, system.circuit().cause) == (State.OPEN, Cause.ALARM)
    assert system.agrees()


def test_of_many_managers_at_once_one_probes(system: System) -> None:
    system.trip()
    system.turn()
    system.account.settle(system.mapping)
    system.ahead += TURN
    system.prober.takes = 0.3

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(system.turn, [None] * 6))

    assert system.prober.generations == [1]
    assert system.circuit().state is State.HALF_OPEN
