"""Times for people."""

from datetime import UTC, datetime


def iso(seconds: float | None) -> str | None:
    """Epoch seconds as an ISO time in UTC; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
