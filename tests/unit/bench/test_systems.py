"""The systems on small cases: each has the fault that it is known for, ours has none."""

import pytest

from bench.circuit.job import Job
from bench.circuit.marks.cost import allowed_calls
from bench.circuit.run import BUILDS, run_one
from bench.rows import OURS
from bench.simulator.bank import Manners, Outage
from bench.simulator.case import DAY, Case, Result

TEN_MINUTES = Manners(outages=(Outage(start=60, end=660, booked=0.5),), honest=False)


def simulated(system: str, case: Case) -> Result:
    return run_one(Job(part="test", system=system, case=case))


def outage(**changes: object) -> Case:
    settings: dict[str, object] = {
        "name": "ten minutes",
        "messages": 300,
        "arrivals": 1200.0,
        "customers": 30,
        "workers": 10,
        "manners": TEN_MINUTES,
        **changes,
    }
    return Case(**settings)  # pyright: ignore[reportArgumentType] - fields of Case by name


def test_ours_loses_nothing_repeats_nothing_and_comes_back() -> None:
    case = outage()

    result = simulated(OURS, case)

    assert (result.completed, result.lost, result.expired) == (300, 0, 0)
    assert (result.double, result.disordered, result.good_dead, result.unknown) == (0, 0, 0, 0)
    assert result.closed is not None
    assert result.failed_calls <= allowed_calls(Job(part="", system=OURS, case=case), result)
    assert result.errors == []


def test_the_original_swallows_what_fails() -> None:
    result = simulated("original", outage())

    assert result.lost > 0
    assert result.completed + result.lost == 300


def test_plain_retry_fills_the_dead_letters_with_good_messages() -> None:
    result = simulated("plain SQS", outage(arrivals=60.0, manners=longer()))

    assert result.good_dead > 0
    assert result.lost == 0


def test_powertools_fills_them_too_after_far_fewer_calls() -> None:
    plain = simulated("plain SQS", outage(arrivals=60.0, manners=longer()))

    result = simulated("Powertools", outage(arrivals=60.0, manners=longer()))

    assert result.good_dead > 0
    assert result.failed_calls < plain.failed_calls


def longer() -> Manners:
    return Manners(outages=(Outage(start=0, end=3600),))


def test_a_bank_that_forgets_its_keys_is_never_charged_twice_by_ours() -> None:
    silent = Outage(start=60, end=60 + 2 * DAY, kind="timeout", booked=1.0)
    case = outage(manners=Manners(outages=(silent,), honest=False), arrivals=2 * DAY)

    result = simulated(OURS, case)

    assert result.double == 0
    assert result.completed == 300


@pytest.mark.parametrize("system", BUILDS)
def test_without_an_outage_all_do_their_work(system: str) -> None:
    result = simulated(system, outage(manners=Manners()))

    assert (result.completed, result.burned, result.failed_calls) == (300, 0, 0)


@pytest.mark.parametrize("system", BUILDS)
def test_the_same_seed_gives_the_same_run(system: str) -> None:
    first, second = (simulated(system, outage(messages=50)) for _ in range(2))

    assert (first.receives, first.failed_calls, first.events) == (
        second.receives,
        second.failed_calls,
        second.events,
    )
