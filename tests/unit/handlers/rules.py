"""The rules by which the circuits of these tests trip."""

from msgspec.structs import replace

from handlers.common.circuit.rules import Rules

FIRST_FAILURE = Rules(
    consecutive_failures=1,
    failure_rate=0.5,
    minimum_volume=20,
    window=60,
    slow_call=10,
    slow_call_rate=1.0,
    cool_down=30,
    cool_down_cap=1800,
    ramp=60,
    ramp_concurrency=2,
    drain_time=90,
    turn=60,
)
FIVE_IN_A_ROW = replace(FIRST_FAILURE, consecutive_failures=5)
PATIENT = replace(
    FIRST_FAILURE,
    consecutive_failures=10_000,
    failure_rate=1.0,
    minimum_volume=10_000,
    slow_call=10_000,
)
