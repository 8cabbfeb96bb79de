from policy import tokens
from policy.checks.alarms import alarms_on, has_actions
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource
from policy.views.queues import is_dead_letter_queue


def _check(queue: Resource, context: Context) -> Judgement:
    graph = context.graph
    if is_dead_letter_queue(graph, queue):
        return
    metrics = context.words("metrics")
    if not any(
        has_actions(graph, alarm)
        for metric in metrics
        for alarm in alarms_on(graph, metric, "QueueName", queue)
    ):
        yield Violation(
            path="name",
            found=f"no alarm on {' or '.join(metrics)}",
            wanted="an alarm long before messages expire",
        )


CONTROL = Control(
    id="sqs-age-alarm",
    title="Somebody hears when messages grow old",
    why="A paused subscription loses nothing until the retention is over, and then everything.",
    severity=Severity.HIGH,
    fix="Add an alarm on ApproximateAgeOfOldestMessage with an action.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
    ),
    judges=(tokens.QUEUE,),
    reads={
        tokens.QUEUE: ("name", "redrivePolicy"),
        tokens.SUBSCRIPTION: ("redrivePolicy",),
        tokens.ALARM: (
            "metricName",
            "dimensions",
            "metricQueries",
            "alarmActions",
            "actionsEnabled",
        ),
    },
    check=_check,
    parameters=(
        Parameter(
            name="metrics",
            default=["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Metrics that tell of a backlog.",
        ),
    ),
)
