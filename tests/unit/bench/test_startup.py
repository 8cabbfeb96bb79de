"""What a run of the demo may take, told by its report."""

import pytest

from bench.rows import Row
from bench.startup import Report, rows


def told(*, first: float | None = 1.0, whole: float = 1.0, depth: str = "default") -> list[Row]:
    report = Report(sent=100, first_payment_s=first, wall_s=whole, per_second=10.0)
    return rows(report, depth)


@pytest.mark.parametrize(("seconds", "held"), [(6.0, True), (6.01, False)])
def test_the_first_payment_takes_at_most_six_seconds(seconds: float, *, held: bool) -> None:
    assert [row.held for row in told(first=seconds)] == [held, True]


def test_a_demo_without_a_payment_misses_the_mark_of_the_first() -> None:
    assert [row.held for row in told(first=None)] == [False, True]


@pytest.mark.parametrize(("seconds", "held"), [(60.0, True), (60.01, False)])
def test_the_whole_demo_takes_at_most_a_minute(seconds: float, *, held: bool) -> None:
    assert [row.held for row in told(whole=seconds)] == [True, held]


@pytest.mark.parametrize("seconds", [1.0, 90.0])
def test_the_quick_form_judges_nothing_by_the_last_run(seconds: float) -> None:
    found = told(first=seconds, whole=seconds, depth="quick")

    assert [(row.mark, row.held) for row in found] == [("", None), ("", None)]
