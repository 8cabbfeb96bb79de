"""Processes that die, and the alarm that alone can tell of them."""

import json
from dataclasses import replace

import pytest

from bench.circuit.job import Job
from bench.circuit.run import run_one
from bench.rows import OURS
from bench.simulator.backstop import LATE, NAME, PERIOD, Backstop, Counts
from bench.simulator.bank import Manners, Outage
from bench.simulator.case import Case, Result
from bench.simulator.deaths import Crash, Deaths, Fate, Step
from bench.simulator.engine import Engine
from bench.simulator.stack import stack

CASE = Case(name="deaths", messages=400, arrivals=2400.0, customers=40, workers=10)


def simulated(case: Case, system: str = OURS) -> Result:
    return run_one(Job(part="test", system=system, case=case))


@pytest.mark.parametrize(
    ("deaths", "step", "at", "dies"),
    [
        (None, Step.STARTED, 0, False),
        (Deaths(step=Step.STARTED), Step.STARTED, 0, True),
        (Deaths(step=Step.STARTED), Step.ANSWERED, 0, False),
        (Deaths(step=Step.STARTED, share=0.0), Step.STARTED, 0, False),
        (Deaths(step=Step.STARTED, start=10), Step.STARTED, 9, False),
        (Deaths(step=Step.STARTED, start=10, end=20), Step.STARTED, 10, True),
        (Deaths(step=Step.STARTED, start=10, end=20), Step.STARTED, 20, False),
    ],
)
def test_a_process_dies_at_its_step_and_in_its_time(
    deaths: Deaths | None, step: Step, at: float, *, dies: bool
) -> None:
    with Engine(1000.0) as engine:
        fate = Fate(engine, deaths, seed=1)
        engine.now += at
        died = False
        try:
            fate.passes(step)
        except Crash:
            died = True

    assert died is dies
    assert fate.moments == ([1000.0 + at] if dies else [])


@pytest.mark.parametrize("step", [Step.ENTERED, Step.ANSWERED, Step.TOLD])
def test_workers_that_die_in_the_middle_of_a_batch_harm_no_message(step: Step) -> None:
    result = simulated(replace(CASE, deaths=Deaths(step=step, share=0.05)))

    assert result.deaths > 5
    assert (result.completed, result.lost, result.waiting) == (400, 0, 0)
    assert (result.double, result.disordered, result.good_dead) == (0, 0, 0)


def test_they_harm_none_in_an_outage_either() -> None:
    broken = Manners(outages=(Outage(start=60, end=660, booked=0.5),), honest=False)
    case = replace(CASE, deaths=Deaths(step=Step.ANSWERED, share=0.1), manners=broken)

    result = simulated(case)

    assert result.deaths > 5
    assert (result.completed, result.double, result.disordered) == (400, 0, 0)


def test_a_message_that_kills_every_worker_is_set_aside_with_its_reason() -> None:
    result = simulated(replace(CASE, deadly=frozenset({"deadly"})))

    assert (result.completed, result.bad_dead, result.unexplained) == (399, 1, 0)
    assert "closed>open" not in result.events


def test_an_image_that_does_not_start_opens_the_circuit_by_the_alarm_until_it_does() -> None:
    case = replace(CASE, deaths=Deaths(step=Step.STARTED, start=60, end=1260))

    result = simulated(case)

    assert (result.completed, result.good_dead) == (400, 0)
    assert result.events["cause_alarm"] == result.events["closed>open"] == 1
    assert result.events["paused_after"] <= 2 * PERIOD + LATE + 1
    assert result.closed is not None


def test_without_a_circuit_such_an_image_fills_the_dead_letters() -> None:
    case = replace(CASE, deaths=Deaths(step=Step.STARTED, start=60, end=1260))

    assert simulated(case, "plain SQS").good_dead > 0


class Alarmed:
    """A backstop over counts that the test sets."""

    def __init__(self, engine: Engine) -> None:
        self.counts: Counts = (0, 0)
        self.heard: list[str] = []
        self.alarm = Backstop(engine, stack("prod"), lambda: self.counts, self.heard.append)

    @property
    def since(self) -> float | None:
        found = self.alarm.describe_alarms(AlarmNames=[NAME], StateValue="ALARM")
        alarms = found.get("MetricAlarms", [])
        return alarms[0]["StateUpdatedTimestamp"].timestamp() if alarms else None


@pytest.mark.parametrize(
    ("counts", "fires"), [((5, 3), True), ((10, 5), True), ((10, 4), False), ((4, 4), False)]
)
def test_the_alarm_fires_at_its_share_and_volume_when_the_minutes_data_is_there(
    counts: Counts, *, fires: bool
) -> None:
    with Engine(600.0) as engine:
        alarmed = Alarmed(engine)
        alarmed.counts = counts
        engine.run(600 + PERIOD + LATE - 1)
        assert alarmed.since is None
        engine.run(600 + PERIOD + LATE)

    assert alarmed.since == (600 + PERIOD + LATE if fires else None)
    names = [json.loads(text)["AlarmName"] for text in alarmed.heard]
    assert names == ([NAME] if fires else [])


def test_an_alarm_that_stays_tells_once_and_ends_with_a_quiet_minute() -> None:
    with Engine(600.0) as engine:
        alarmed = Alarmed(engine)
        for minute in range(1, 4):
            alarmed.counts = (10.0 * minute, 10.0 * minute)
            engine.run(600 + PERIOD * minute)
        engine.run(600 + PERIOD * 3 + LATE)
        assert alarmed.since == 600 + PERIOD + LATE
        engine.run(600 + PERIOD * 4 + LATE)

    assert alarmed.since is None
    assert len(alarmed.heard) == 1
