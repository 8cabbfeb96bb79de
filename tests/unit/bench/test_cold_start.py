from collections.abc import Sequence

import pytest

from bench.cold_start import STARTS, WORKER, cpu_of_start, row
from components.services import SERVICES


def is_held(ours: Sequence[float], bare: Sequence[float]) -> bool | None:
    return row(WORKER, ours, bare, [("boto3", 1_000)]).held


def test_every_function_is_started() -> None:
    assert STARTS.keys() == {*(service.name for service in SERVICES), "subscription-manager"}


@pytest.mark.parametrize("service", STARTS)
def test_a_function_starts_with_what_the_program_gives_it(service: str) -> None:
    assert cpu_of_start(service, STARTS[service]) > 0


@pytest.mark.parametrize(("ours", "held"), [(0.50, True), (0.51, False)])
def test_a_start_takes_at_most_a_quarter_more_than_the_bare_one(ours: float, *, held: bool) -> None:
    assert is_held([ours], [0.4]) is held


@pytest.mark.parametrize(
    ("ours", "held"), [([9.0, 0.4, 0.4], True), ([9.0, 9.0, 0.4], False)], ids=["one", "most"]
)
def test_one_slow_start_of_three_does_not_count(ours: list[float], *, held: bool) -> None:
    assert is_held(ours, [0.4, 0.4, 0.4]) is held


def test_a_start_is_held_against_the_bare_one_of_its_own_pair() -> None:
    assert is_held([0.4, 1.0, 0.6], [0.4, 1.0, 0.4]) is True
    assert is_held([0.6, 0.5, 0.9], [0.4, 0.9, 0.6]) is False
