import pytest

from control.errors import UsageError
from control.times import iso, said, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h30m", 5400)]
)
def test_durations_are_read_as_operators_type_them(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2 h", "-2h", "2w", "2h\n"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no duration"):
        seconds_of(text)


@pytest.mark.parametrize("text", ["3651d", "999999999d", f"{'9' * 5000}s"])
def test_what_no_calendar_holds_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="at most 3650d"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (0, "0s"), (59.9, "59s"), (3600, "1h"), (90061, "1d 1h"), (-5, "0s")],
)
def test_durations_are_said_in_their_two_largest_units(seconds: float | None, text: str) -> None:
    assert said(seconds) == text


def test_moments_are_iso_in_utc_and_none_where_there_is_none() -> None:
    assert iso(0.5) == "1970-01-01T00:00:00.500Z"
    assert iso(None) is None
    assert iso(0) is None
