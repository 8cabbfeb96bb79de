"""The alarms that belong to no single service."""

from components.alarm import Alarm, depth_alarm, said, throttle_alarm, undelivered_alarm
from components.metrics import of_function, of_topic, own
from components.names import MANAGER, Names
from components.settings import Settings

NOBODYS = "No service wants them: find their publisher"


def stack_alarms(names: Names, settings: Settings) -> tuple[Alarm, ...]:
    """On the manager, on what nobody wanted, and on silence."""
    transactions = names.transaction_topic
    return (
        depth_alarm(names.queue("unrouted"), "unrouted", "unrouted", NOBODYS, names),
        depth_alarm(
            names.dead_letter_queue("unrouted"), "unrouted-dead-letters", "unrouted", NOBODYS, names
        ),
        undelivered_alarm(names, "unrouted"),
        depth_alarm(
            names.manager_dead_letter_queue,
            f"{MANAGER}-dead-letters",
            "manager",
            "What they ask for was not done: read the manager's log, give the command again",
            names,
        ),
        Alarm(
            name=names.of("no-attributes"),
            means="Messages without any attribute matched no subscription. Find their publisher",
            section="no-attributes",
            metric=of_topic(transactions, "NumberOfNotificationsFilteredOut-NoMessageAttributes"),
            statistic="Sum",
        ),
        Alarm(
            name=names.of("nothing-arrives"),
            means=f"No transaction was published for {said(settings.alarm_quiet_time)}. "
            "Ask the publishers",
            section="nothing-arrives",
            metric=of_topic(transactions, "NumberOfMessagesPublished"),
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            period=settings.alarm_quiet_time,
            missing="breaching",
        ),
        Alarm(
            name=names.of("refused-commands"),
            means="The manager refused a command. Its log says why; give it again as it should be",
            section="manager",
            metric=own(names, MANAGER, "Refused"),
            statistic="Sum",
        ),
        Alarm(
            name=names.of(f"{MANAGER}-errors"),
            means="The manager fails. Paused services will not come back by themselves",
            section="manager",
            metric=of_function(names.of(MANAGER), "Errors"),
            statistic="Sum",
            periods=3,
        ),
        throttle_alarm(names, MANAGER),
    )
