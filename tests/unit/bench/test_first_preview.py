"""What a first preview with the policy pack may take."""

import pytest

from bench.first_preview import JUDGED, row


@pytest.mark.parametrize(("seconds", "held"), [(30.0, True), (30.1, False)])
def test_the_engine_with_the_pack_takes_at_most_half_a_minute(
    seconds: float, *, held: bool
) -> None:
    assert row({"engine": [1.0], JUDGED: [seconds]}).held is held


def test_only_the_engine_with_the_pack_has_a_mark() -> None:
    assert row({"engine": [90.0], JUDGED: [1.0], "no engine, pack": [90.0]}).held is True


@pytest.mark.parametrize(
    ("taken", "held"), [([90.0, 1.0, 1.0], True), ([90.0, 90.0, 1.0], False)], ids=["one", "most"]
)
def test_one_slow_run_of_three_does_not_count(taken: list[float], *, held: bool) -> None:
    assert row({JUDGED: taken}).held is held
