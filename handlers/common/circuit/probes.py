"""What the manager asks of a worker whose circuit is open, and what the worker found."""

import msgspec

from handlers.common.circuit.events import Verdict
from handlers.common.errors import Cause


class ProbeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One probe. `lease` is the owner of the manager's lease on this service."""

    service: str
    generation: int
    lease: str


class ProbeEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The event of the worker's function."""

    probe: ProbeRequest


class ProbeAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the probe found.

    Attributes:
        cause: What kind of failure made the bank unwell.
        cool_down: How long an unwell bank is left alone, in seconds.
        sent_at: When the message that was tried had been sent (epoch seconds).
    """

    verdict: Verdict
    why: str = ""
    cause: Cause | None = None
    cool_down: float = 0.0
    sent_at: float | None = None
