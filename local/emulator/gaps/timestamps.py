"""Notifications carry milliseconds, as AWS's do; the emulator says `.000Z`.

Who orders messages by this time would take two of one second for the same.
https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from ministack.services import sns

from local.emulator.gaps.seam import Untyped, wrap


def close() -> None:
    """Write the whole time into the envelope."""
    wrap(sns, "_build_envelope", _with_milliseconds)


def _with_milliseconds(original: Callable[..., str]) -> Callable[..., str]:
    def envelope(*content: Untyped) -> str:
        text = original(*content)
        *_, raw = content
        if raw:
            return text
        now = datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        return json.dumps(json.loads(text) | {"Timestamp": f"{now}Z"})

    return envelope
