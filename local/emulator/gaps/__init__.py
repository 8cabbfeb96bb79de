"""What the emulator lacks of AWS and this system meets. One gap a module, each with `close()`."""

from local.emulator.gaps import (
    actions,
    condition_keys,
    deliveries,
    invocations,
    mappings,
    poller,
    queue_metrics,
    schedules,
    subscriptions,
)


def close_all() -> None:
    """Close every gap. Called once, before the emulator serves."""
    for gap in (
        poller,
        invocations,
        mappings,
        actions,
        condition_keys,
        deliveries,
        subscriptions,
        schedules,
        queue_metrics,
    ):
        gap.close()
