"""Times as operators type and read them."""

import re
from datetime import UTC, datetime

from control.errors import UsageError

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = 3650 * UNITS["d"]
"""Seconds. Nothing here lasts for ten years, and a date has an end."""


def seconds_of(text: str) -> float:
    """The seconds of `90s`, `15m`, `2h`, `1d` or `1h30m`.

    Raises:
        UsageError: It is no such text, or longer than LONGEST.
    """
    if not re.fullmatch(r"(\d+[smhd])+", text):
        raise UsageError(f"{text!r} is no duration; write 90s, 15m, 2h, 1d or 1h30m")
    seconds = sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)([smhd])", text))
    if seconds > LONGEST:
        raise UsageError(f"{text!r} is longer than 3650d")
    return float(seconds)


def said(seconds: float | None) -> str:
    """A duration in its two largest units; a dash where it is not known."""
    if seconds is None:
        return "-"
    left, parts = max(0, int(seconds)), list[str]()
    for unit, size in reversed(UNITS.items()):
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts[:2]) or "0s"


def iso(moment: float | None) -> str | None:
    """A Unix time as ISO in UTC; None stays None."""
    if not moment:
        return None
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
