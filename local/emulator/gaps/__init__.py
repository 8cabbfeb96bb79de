"""What the emulator lacks of AWS and this system meets. One gap a module, each with `close()`."""

from local.emulator.gaps import (
    actions,
    alarm_states,
    alarms,
    condition_keys,
    deliveries,
    function_states,
    invocations,
    judging,
    log_streams,
    long_polls,
    mappings,
    poller,
    queue_metrics,
    resource_names,
    schedules,
    subscriptions,
    timestamps,
    topic_metrics,
    trust,
)


def close_all() -> None:
    """Close every gap. Called once, before the emulator serves."""
    for gap in (
        poller,
        invocations,
        function_states,
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
        alarm_states,
        schedules,
        timestamps,
        topic_metrics,
        trust,
        queue_metrics,
    ):
        gap.close()
