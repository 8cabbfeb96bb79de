from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.graph import Graph
from policy.resource import Resource
from policy.values import UNKNOWN, mapping_of

_NAMESPACES: Final[Mapping[str, tuple[str, str]]] = {
    "AWS/SQS": ("QueueName", tokens.QUEUE),
    "AWS/SNS": ("TopicName", tokens.TOPIC),
    "AWS/Lambda": ("FunctionName", tokens.FUNCTION),
    "AWS/DynamoDB": ("TableName", tokens.TABLE),
}
_METRICS: Final[Mapping[str, frozenset[str]]] = {
    "AWS/SQS": frozenset(
        {
            "ApproximateAgeOfOldestMessage",
            "ApproximateAgeOfOldestMessageInQuietGroups",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesDelayedInQuietGroups",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesNotVisibleInQuietGroups",
            "ApproximateNumberOfMessagesVisible",
            "ApproximateNumberOfMessagesVisibleInQuietGroups",
            "ApproximateNumberOfNoisyGroups",
            "ApproximateNumberOfGroupsWithInflightMessages",
            "NumberOfDeduplicatedSentMessages",
            "NumberOfEmptyReceives",
            "NumberOfMessagesDeleted",
            "NumberOfMessagesReceived",
            "NumberOfMessagesSent",
            "SentMessageSize",
        }
    ),
    "AWS/SNS": frozenset(
        {
            "NumberOfMessagesPublished",
            "NumberOfNotificationsDelivered",
            "NumberOfNotificationsFailed",
            "NumberOfNotificationsFailedToRedriveToDlq",
            "NumberOfNotificationsFilteredOut",
            "NumberOfNotificationsFilteredOut-InvalidAttributes",
            "NumberOfNotificationsFilteredOut-InvalidMessageBody",
            "NumberOfNotificationsFilteredOut-MessageAttributes",
            "NumberOfNotificationsFilteredOut-MessageBody",
            "NumberOfNotificationsFilteredOut-NoMessageAttributes",
            "NumberOfNotificationsRedrivenToDlq",
            "PublishSize",
        }
    ),
    "AWS/Lambda": frozenset(
        {
            "AsyncEventAge",
            "AsyncEventsDropped",
            "AsyncEventsReceived",
            "CPUThrottles",
            "ConcurrencyThrottles",
            "ConcurrentExecutions",
            "DeadLetterErrors",
            "DestinationDeliveryFailures",
            "DiskThrottles",
            "Duration",
            "Errors",
            "Invocations",
            "IteratorAge",
            "MemoryThrottles",
            "OffsetLag",
            "OversizedRecordCount",
            "PostRuntimeExtensionsDuration",
            "ProvisionedConcurrencyInvocations",
            "ProvisionedConcurrencySpilloverInvocations",
            "ProvisionedConcurrencyUtilization",
            "ProvisionedConcurrentExecutions",
            "RecursiveInvocationsDropped",
            "SignatureValidationErrors",
            "Throttles",
        }
    ),
}


@dataclass(frozen=True, kw_only=True)
class _Metric:
    path: str
    namespace: object
    name: object
    dimensions: Mapping[str, object]


def _check(alarm: Resource, context: Context) -> Judgement:
    for metric in _metrics(alarm):
        if metric.namespace not in _NAMESPACES:
            if isinstance(metric.namespace, str) and metric.namespace.startswith("AWS/"):
                continue
            yield from _own_metric(metric, context)
            continue
        namespace = str(metric.namespace)
        known, key = _METRICS.get(namespace), _NAMESPACES[namespace][0]
        if known is not None and metric.name not in known:
            yield Violation(
                path=metric.path,
                found=f"{namespace} {metric.name}, which AWS does not send by {key}",
                wanted="a metric of the service",
            )
        yield from _dimension(metric, alarm, context.graph)


def _own_metric(metric: _Metric, context: Context) -> Judgement:
    wanted = context.words("namespaces")
    if wanted and metric.namespace not in wanted:
        yield Violation(
            path=metric.path, found=f"namespace {metric.namespace}", wanted=", ".join(wanted)
        )


def _dimension(metric: _Metric, alarm: Resource, graph: Graph) -> Judgement:
    key, token = _NAMESPACES[str(metric.namespace)]
    value = metric.dimensions.get(key)
    if value is UNKNOWN:
        if not graph.edges(alarm, metric.path.partition(".")[0], token):
            yield Undecided(path=metric.path)
        return
    if not isinstance(value, str) or graph.called(token, value) is None:
        yield Violation(
            path=metric.path,
            found=f"{key} {value}, not in the program",
            wanted=f"{key} of a resource of the program",
        )


def _metrics(alarm: Resource) -> Iterator[_Metric]:
    if alarm.has("metricName"):
        yield _Metric(
            path="dimensions",
            namespace=alarm.get("namespace"),
            name=alarm.get("metricName"),
            dimensions=alarm.mapping("dimensions"),
        )
    for index in range(len(alarm.items("metricQueries"))):
        if alarm.has_path("metricQueries", index, "metric"):
            metric = alarm.mapping("metricQueries", index, "metric")
            yield _Metric(
                path=f"metricQueries.{index}.metric",
                namespace=metric.get("namespace"),
                name=metric.get("metricName"),
                dimensions=mapping_of(metric.get("dimensions")),
            )


CONTROL = Control(
    id="cloudwatch-alarm-metric",
    title="An alarm watches a metric that exists, of a resource that exists",
    why="A misspelt dimension never has data: by default the alarm does not ring, and where missing"
    " data is notBreaching it says that all is well.",
    severity=Severity.HIGH,
    fix="Take namespace and metric from AWS's list and the dimension from the resource's name.",
    sources=(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html",
    ),
    judges=(tokens.ALARM,),
    reads={
        tokens.ALARM: ("namespace", "metricName", "dimensions", "metricQueries"),
        tokens.QUEUE: ("name",),
        tokens.TOPIC: ("name",),
        tokens.FUNCTION: ("name",),
        tokens.TABLE: ("name",),
    },
    check=_check,
    parameters=(
        Parameter(
            name="namespaces",
            default=[],
            schema={"type": "array", "items": {"type": "string"}},
            why="The program's own namespaces; empty lets any pass.",
        ),
    ),
)
