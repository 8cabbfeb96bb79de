"""What the emulator lacks of AWS and this system meets. One gap a module, each with `close()`."""

from local.emulator.gaps import (
    actions,
    resource_names,
    alarms,
    condition_keys,
    deliveries,
    invocations,
    judging,
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
        resource_names,
        judging,
        condition_keys,
        deliveries,
        log_streams,
        long_polls,
        subscriptions,
        alarms,
        schedules,
        timestamps,
        trust,
        queue_metrics,
    ):
        gap.close()
