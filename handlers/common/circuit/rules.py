"""When a circuit opens, and how it comes back: the numbers of one stack."""

import msgspec


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When to trip and how to come back. All times are seconds.

    All are demanded, so a misspelt one is missed. One that is not known is a newer program's: a
    function gets its variables before its image, and a pinned image keeps them.
    """

    consecutive_failures: int
    failure_rate: float
    minimum_volume: int
    window: float
    slow_call: float
    slow_call_rate: float
    cool_down: float
    cool_down_cap: float
    ramp: float
    ramp_concurrency: int
    drain_time: float
    turn: float
