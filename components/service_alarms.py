"""The alarms of one service."""

from dataclasses import replace

from components.alarm import (
    Alarm,
    Measured,
    RatioAlarm,
    depth_alarm,
    said,
    throttle_alarm,
    undelivered_alarm,
)
from components.metrics import of_function, of_queue, own
from components.names import Names
from components.services import Service
from components.settings import Settings

OBJECTIVE = 99.9
"""Per cent of transactions at their end in time, in 28 days."""

HOUR = 3600
BURNS: tuple[tuple[str, int, float], ...] = (("fast", HOUR, 14.4), ("slow", 6 * HOUR, 6.0))
"""Name, window in seconds, and how many times too fast the error budget is used up.

At 14.4 two per cent of a month's budget are gone in an hour, at 6 five per cent in six.
https://sre.google/workbook/alerting-on-slos/
"""


def backstop(names: Names, settings: Settings, service: Service) -> RatioAlarm:
    """The alarm that trips a circuit when no code inside can: crashes, timeouts, bad images.

    Errors over invocations, judged only above a minimum volume.
    """
    function = names.of(service.name)
    return RatioAlarm(
        name=names.backstop_alarm(service.name),
        means="Most invocations fail, and the circuit opens. Read the function's log; roll back",
        section="errors",
        label="Errors over invocations",
        expression=f"IF(calls >= {settings.alarm_minimum_volume}, errors / calls, 0)",
        measured={
            "errors": Measured(metric=of_function(function, "Errors"), statistic="Sum"),
            "calls": Measured(metric=of_function(function, "Invocations"), statistic="Sum"),
        },
        comparison="GreaterThanOrEqualToThreshold",
        threshold=float(settings.alarm_error_rate),
        trips=True,
    )


def failing_seldom(names: Names, settings: Settings, service: Service) -> RatioAlarm:
    """The same over an hour: a function that fails on a queue too quiet for the backstop.

    It trips nothing; each failure costs a message one of its receives, and somebody has to know.
    """
    return replace(
        backstop(names, settings, service),
        name=names.of(f"{service.name}-errors-slow"),
        means="Most invocations of an hour fail, too few at a time for the circuit to open. "
        "Read the function's log; roll back, or pause the service",
        period=HOUR,
        trips=False,
    )


def service_levels(names: Names, settings: Settings, service: Service) -> tuple[RatioAlarm, ...]:
    """Alarms on how fast the error budget burns, each over its own window.

    A message that met an outage of the bank is not counted: the workers measure the others only.
    """
    time = own(names, service.name, "TimeToEnd")
    within = settings.service_level_time
    return tuple(
        RatioAlarm(
            name=names.of(f"{service.name}-service-level-{speed}"),
            means=f"Too few transactions end within {within} s while the bank is up. "
            "Look at throttles, concurrency and the bank's latency",
            section="service-level",
            label="Per cent in time",
            expression=f"IF(ends >= {settings.minimum_volume}, intime, 100)",
            measured={
                "ends": Measured(metric=time, statistic="SampleCount"),
                "intime": Measured(metric=time, statistic=f"PR(:{within})"),
            },
            comparison="LessThanThreshold",
            threshold=round(100 - burn * (100 - OBJECTIVE), 4),
            period=window,
        )
        for speed, window, burn in BURNS
    )


def service_alarms(
    names: Names, settings: Settings, service: Service
) -> tuple[Alarm | RatioAlarm, ...]:
    """All of them, the circuit's backstop first."""
    return (
        backstop(names, settings, service),
        failing_seldom(names, settings, service),
        *service_levels(names, settings, service),
        *single_alarms(names, settings, service),
    )


def single_alarms(names: Names, settings: Settings, service: Service) -> tuple[Alarm, ...]:
    """Those on a single metric."""
    name = service.name
    return (
        depth_alarm(
            names.dead_letter_queue(name),
            f"{name}-dead-letters",
            "dead-letters",
            "`control dead-letters` counts the reasons; repair, then `control redrive`",
            names,
        ),
        undelivered_alarm(names, name),
        Alarm(
            name=names.of(f"{name}-age"),
            means=f"A message waits for more than {said(settings.alarm_message_age)}. "
            "Look at the circuit, then at the bank",
            section="age",
            metric=of_queue(names.queue(name), "ApproximateAgeOfOldestMessage"),
            statistic="Maximum",
            threshold=settings.alarm_message_age,
        ),
        *(
            Alarm(
                name=names.of(f"{name}-data-loss-{level}"),
                means=f"Messages expire in less than {said(limit)}. End the outage, or move them",
                section="data-loss",
                metric=own(names, name, "TimeToDataLoss"),
                statistic="Minimum",
                comparison="LessThanThreshold",
                threshold=limit,
            )
            for level, limit in (
                ("warning", settings.data_loss_warning),
                ("critical", settings.data_loss_critical),
            )
        ),
        Alarm(
            name=names.of(f"{name}-circuit"),
            means="The service is paused; nothing is lost. "
            "`control status` names the cause and what to do",
            section="circuit",
            metric=own(names, name, "CircuitState"),
            statistic="Maximum",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=2,
            missing="ignore",
        ),
        Alarm(
            name=names.of(f"{name}-not-reconciled"),
            means="No turn of the manager in five minutes: if paused, it stays so. "
            "See the schedule and the manager's log",
            section="manager",
            metric=own(names, name, "Reconciles"),
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            period=300,
            missing="breaching",
        ),
        throttle_alarm(names, name),
    )
