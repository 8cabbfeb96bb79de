import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.compute.rounds import Rounds

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_cloudwatch.type_defs import MetricDatumTypeDef

_log = logging.getLogger(__name__)
# Seconds between two deliveries. AWS has a minute.
INTERVAL = 2.0
_MOST_DATA = 500


@dataclass(kw_only=True)
class _Counts:
    durations: list[float] = field(default_factory=list)
    errors: int = 0
    throttles: int = 0
    running: int = 0


class Metrics:
    """Publishes `AWS/Lambda` for every function, and the metrics that functions embed in logs.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """

    def __init__(self, cloudwatch: "CloudWatchClient") -> None:
        self._cloudwatch = cloudwatch
        self._counts: defaultdict[str, _Counts] = defaultdict(_Counts)
        self._embedded: defaultdict[str, list[MetricDatumTypeDef]] = defaultdict(list)
        self._lock = threading.Lock()
        self._rounds = Rounds("metrics", INTERVAL, self._flush)

    def count(self, function: str, *, seconds: float, failed: bool, running: int) -> None:
        """Count an invocation that ended, and how many ran when it began."""
        with self._lock:
            counts = self._counts[function]
            counts.durations.append(seconds * 1000)
            counts.errors += failed
            counts.running = max(counts.running, running)

    def count_throttle(self, function: str) -> None:
        """Count an invocation that was refused."""
        with self._lock:
            self._counts[function].throttles += 1

    def read(self, line: str) -> None:
        """Take the metrics embedded in a line of a function's log, if it has any."""
        if not line.startswith("{") or '"CloudWatchMetrics"' not in line:
            return
        try:
            found = list(_embedded(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # CloudWatch, too, leaves a malformed line a line
        with self._lock:
            for namespace, datum in found:
                self._embedded[namespace].append(datum)

    def stop(self) -> None:
        """Publish what is left."""
        self._rounds.stop()

    def _flush(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, defaultdict(_Counts)
            pending, self._embedded = self._embedded, defaultdict(list)
        for function, counted in counts.items():
            pending["AWS/Lambda"].extend(_of_function(function, counted))
        for namespace, data in pending.items():
            for start in range(0, len(data), _MOST_DATA):
                self._put(namespace, data[start : start + _MOST_DATA])

    def _put(self, namespace: str, data: "Sequence[MetricDatumTypeDef]") -> None:
        try:
            self._cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
        except (ClientError, BotoCoreError) as error:
            _log.warning("no metrics in %s: %s", namespace, error)


def _of_function(function: str, counts: _Counts) -> "Iterator[MetricDatumTypeDef]":
    values: dict[str, float] = {
        "Invocations": len(counts.durations),
        "Errors": counts.errors,
        "Throttles": counts.throttles,
        "ConcurrentExecutions": counts.running,
    }
    for name, value in values.items():
        yield {
            "MetricName": name,
            "Dimensions": [{"Name": "FunctionName", "Value": function}],
            "Unit": "Count",
            "Value": value,
        }
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    for start in range(0, len(counts.durations), 150):
        yield {
            "MetricName": "Duration",
            "Dimensions": [{"Name": "FunctionName", "Value": function}],
            "Unit": "Milliseconds",
            "Values": counts.durations[start : start + 150],
        }


def _embedded(line: dict[str, Any]) -> "Iterator[tuple[str, MetricDatumTypeDef]]":
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive.get("Dimensions") or [[]]:
            for metric in directive["Metrics"]:
                value = line[metric["Name"]]
                values = value if isinstance(value, list) else [value]
                yield (
                    directive["Namespace"],
                    {
                        "MetricName": metric["Name"],
                        "Dimensions": [{"Name": n, "Value": str(line[n])} for n in dimensions],
                        "Unit": metric.get("Unit", "None"),
                        "Values": [float(number) for number in values],
                    },
                )
