"""What can happen to a circuit. Who tells of it, and how it is written, is another matter."""

from enum import StrEnum

import msgspec

from handlers.common.errors import Cause


class Verdict(StrEnum):
    """What a probe found out. Only an answer of the bank makes it well."""

    WELL = "well"
    UNWELL = "unwell"
    UNDECIDED = "undecided"
    EMPTY = "empty"


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A worker met enough failures. `retry_after` is what the bank asked for, in seconds."""

    generation: int
    cause: Cause
    why: str
    who: str
    retry_after: float = 0.0


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """The backstop fired: crashes, timeouts, images that do not start."""

    at: float
    why: str


class Disable(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's hold."""

    who: str
    why: str = ""
    hold_until: float | None = None


class Enable(msgspec.Struct, frozen=True, kw_only=True):
    """An operator ends a hold or an open period."""

    who: str
    why: str = ""


class ProbeNow(msgspec.Struct, frozen=True):
    """An operator asks for a probe without waiting for the cool-down."""


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a probe that was started in `generation`.

    Attributes:
        cause: What kind of failure made it unwell; None where the worker does not say.
        cool_down: The cool-down after an unwell one, as the worker drew it; 0 to draw it here.
    """

    generation: int
    verdict: Verdict
    why: str = ""
    cause: Cause | None = None
    cool_down: float = 0.0


class Tick(msgspec.Struct, frozen=True):
    """Time has passed: a hold may end, a ramp may be over."""


Event = Trip | Alarm | Disable | Enable | ProbeNow | Probed | Tick
