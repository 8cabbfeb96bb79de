import json
from typing import Any

import pytest

from local.compute.metrics import Metrics


class Recorder:
    """Stands in for CloudWatch."""

    def __init__(self) -> None:
        self.published: list[tuple[str, dict[str, Any]]] = []

    def put_metric_data(self, *, Namespace: str, MetricData: list[Any]) -> None:  # noqa: N803 - boto3's names
        self.published += [(Namespace, datum) for datum in MetricData]


def _published(metrics: Metrics, recorder: Recorder) -> dict[tuple[str, str], dict[str, Any]]:
    metrics.stop()
    return {(space, datum["MetricName"]): datum for space, datum in recorder.published}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def metrics(recorder: Recorder) -> Metrics:
    return Metrics(recorder)  # pyright: ignore[reportArgumentType] - the one method that is used


def test_invocations_errors_throttles_and_durations_are_summed_by_function(
    metrics: Metrics, recorder: Recorder
) -> None:
    metrics.count("f", seconds=0.1, failed=False, running=1)
    metrics.count("f", seconds=0.2, failed=True, running=3)
    metrics.count_throttle("f")

    found = _published(metrics, recorder)

    assert found["AWS/Lambda", "Invocations"]["Value"] == 2
    assert found["AWS/Lambda", "Errors"]["Value"] == 1
    assert found["AWS/Lambda", "Throttles"]["Value"] == 1
    assert found["AWS/Lambda", "ConcurrentExecutions"]["Value"] == 3
    assert found["AWS/Lambda", "Duration"]["Values"] == [100.0, 200.0]
    assert found["AWS/Lambda", "Errors"]["Dimensions"] == [{"Name": "FunctionName", "Value": "f"}]


def test_metrics_embedded_in_a_line_are_published(metrics: Metrics, recorder: Recorder) -> None:
    line = {
        "_aws": {
            "CloudWatchMetrics": [
                {
                    "Namespace": "Payments",
                    "Dimensions": [["service"]],
                    "Metrics": [{"Name": "Completed", "Unit": "Count"}],
                }
            ]
        },
        "service": "payment-processing",
        "Completed": [1.0, 2.0],
    }
    metrics.read(json.dumps(line))

    assert _published(metrics, recorder)["Payments", "Completed"] == {
        "MetricName": "Completed",
        "Dimensions": [{"Name": "service", "Value": "payment-processing"}],
        "Unit": "Count",
        "Values": [1.0, 2.0],
    }


@pytest.mark.parametrize(
    "line",
    ["text", '{"level": "INFO"}', '{"CloudWatchMetrics"', '{"_aws": {"CloudWatchMetrics": [{}]}}'],
)
def test_other_lines_are_left_alone(metrics: Metrics, recorder: Recorder, line: str) -> None:
    metrics.read(line)

    assert _published(metrics, recorder) == {}
