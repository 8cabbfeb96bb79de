"""Times as operators type and read them."""

import re
from datetime import UTC, datetime

from control.errors import UsageError

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = 3650
"""Days; no hold, history or patience is longer, and no calendar holds the largest numbers."""


def seconds_of(text: str) -> float:
    """The seconds of `90s`, `15m`, `2h`, `1d` or `1h30m`.

    Raises:
        UsageError: It is no such text, or longer than ten years.
    """
    if not re.fullmatch(r"(\d+[smhd])+", text):
        raise UsageError(f"{text!r} is no duration; write 90s, 15m, 2h, 1d or 1h30m")
    parts = re.findall(r"(\d+)([smhd])", text)
    # As floats: Python makes no integer of thousands of digits.
    seconds = sum(float(number) * UNITS[unit] for number, unit in parts)
    if seconds > LONGEST * UNITS["d"]:
        raise UsageError(f"{text!r} is too long; it may be at most {LONGEST}d")
    return seconds


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
