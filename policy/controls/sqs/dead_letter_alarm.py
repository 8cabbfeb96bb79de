from typing import Final

from policy import tokens
from policy.checks.alarms import alarms_on, has_actions
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.views.queues import is_dead_letter_queue

_METRIC: Final = "ApproximateNumberOfMessagesVisible"


def _check(queue: Resource, context: Context) -> Judgement:
    graph = context.graph
    if not is_dead_letter_queue(graph, queue):
        return
    watching = alarms_on(graph, _METRIC, "QueueName", queue)
    if not any(_rings(graph, alarm) for alarm in watching):
        yield Violation(
            path="name",
            found=f"{len(watching)} alarms on {_METRIC}, none that rings at the first message",
            wanted="an alarm above 0 (or at 1) with an action",
        )


def _rings(graph: Graph, alarm: Resource) -> bool:
    comparison = alarm.text("comparisonOperator")
    threshold = alarm.number("threshold")
    if comparison == "GreaterThanThreshold":
        return threshold == 0 and has_actions(graph, alarm)
    if comparison == "GreaterThanOrEqualToThreshold":
        return threshold == 1 and has_actions(graph, alarm)
    return False


CONTROL = Control(
    id="sqs-dead-letter-alarm",
    title="Somebody hears of the first message in a dead-letter queue",
    why="A dead letter is a transaction that did not happen; unseen, it expires.",
    severity=Severity.HIGH,
    fix="Add a metric alarm on ApproximateNumberOfMessagesVisible > 0 with an action.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("name", "redrivePolicy"),
        tokens.SUBSCRIPTION: ("redrivePolicy",),
        tokens.INVOKE_CONFIG: ("destinationConfig",),
        tokens.SCHEDULE: ("target",),
        tokens.ALARM: (
            "metricName",
            "dimensions",
            "metricQueries",
            "comparisonOperator",
            "threshold",
            "alarmActions",
            "actionsEnabled",
        ),
    },
    check=_check,
)
