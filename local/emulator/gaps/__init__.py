"""What the emulator lacks of AWS and this system meets. One gap a module, each with `close()`."""

from local.emulator.gaps import (
    actions,
    alarms,
    condition_keys,
    deliveries,
    invocations,
    log_streams,
    long_polls,
    mappings,
    poller,
    queue_metrics,
    schedules,
    subscriptions,
    timestamps,
    trust,
)


def close_all() -> None:
    """Close every gap. Called once, before the emulator serves."""
    for gap in (
        poller,
        invocations,
        mappings,
        actions,
        alarms,
        condition_keys,
        deliveries,
        log_streams,
        long_polls,
        subscriptions,
        schedules,
        timestamps,
        trust,
        queue_metrics,
    ):
        gap.close()
