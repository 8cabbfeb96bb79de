import json

from local.recording import RecordedResource
from tests.unit.components.harness import SERVICES, Graph

PREFIX = "utility-customer-system-dev"


def alarms(stack: Graph) -> dict[str, RecordedResource]:
    return {alarm.inputs["name"]: alarm for alarm in stack.all("MetricAlarm")}


def test_the_backstop_judges_errors_over_invocations_above_a_minimum_volume(dev: Graph) -> None:
    for service in SERVICES:
        inputs = alarms(dev)[f"{PREFIX}-{service}-errors"].inputs
        queries = {query["id"]: query for query in inputs["metricQueries"]}
        assert queries["rate"]["expression"] == "IF(calls >= 5, errors / calls, 0)"
        assert queries["rate"]["returnData"] is True
        assert queries["errors"]["metric"]["metricName"] == "Errors"
        assert queries["calls"]["metric"]["metricName"] == "Invocations"
        for identifier in ("errors", "calls"):
            dimensions = queries[identifier]["metric"]["dimensions"]
            assert dimensions == {"FunctionName": f"{PREFIX}-{service}"}
        assert inputs["threshold"] == 0.5
        assert inputs["treatMissingData"] == "notBreaching"


def test_the_backstop_acts_on_the_control_topic_and_tells_people(dev: Graph) -> None:
    topics = [dev.outputs["control_topic_arn"], dev.outputs["notifications_topic_arn"]]
    for service in SERVICES:
        assert alarms(dev)[f"{PREFIX}-{service}-errors"].inputs["alarmActions"] == topics


def test_every_other_alarm_tells_people_and_people_only(any_stack: Graph) -> None:
    notify = [any_stack.outputs["notifications_topic_arn"]]
    for alarm in any_stack.all("MetricAlarm"):
        if "metricQueries" not in alarm.inputs:
            assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == notify


def test_every_queue_in_which_nothing_should_lie_has_an_alarm_on_its_depth(
    any_stack: Graph,
) -> None:
    watched = {
        alarm.inputs["dimensions"]["QueueName"]
        for alarm in any_stack.all("MetricAlarm")
        if alarm.inputs.get("metricName") == "ApproximateNumberOfMessagesVisible"
    }
    quiet = {n for n in any_stack.names("Queue") if "dlq" in n or n.endswith("-unrouted.fifo")}
    assert watched == quiet


def test_time_to_data_loss_has_a_warning_and_a_critical_alarm(dev: Graph) -> None:
    for service in SERVICES:
        for level, hours in (("warning", 72), ("critical", 24)):
            inputs = alarms(dev)[f"{PREFIX}-{service}-data-loss-{level}"].inputs
            assert inputs["metricName"] == "TimeToDataLoss"
            assert inputs["dimensions"] == {"service": service, "environment": "dev"}
            assert inputs["comparisonOperator"] == "LessThanThreshold"
            assert inputs["threshold"] == hours * 3600


def test_an_open_or_held_circuit_has_an_alarm(dev: Graph) -> None:
    for service in SERVICES:
        inputs = alarms(dev)[f"{PREFIX}-{service}-circuit"].inputs
        assert (inputs["metricName"], inputs["threshold"]) == ("CircuitState", 2)
        assert inputs["comparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_a_manager_that_does_not_reconcile_has_an_alarm(dev: Graph) -> None:
    inputs = alarms(dev)[f"{PREFIX}-subscription-manager-silent"].inputs
    assert inputs["metricName"] == "Reconciles"
    assert inputs["treatMissingData"] == "breaching"


def test_messages_without_any_attribute_have_an_alarm(dev: Graph) -> None:
    inputs = alarms(dev)[f"{PREFIX}-no-attributes"].inputs
    assert inputs["metricName"] == "NumberOfNotificationsFilteredOut-NoMessageAttributes"
    assert inputs["dimensions"] == {"TopicName": f"{PREFIX}-transaction-processing.fifo"}


def test_every_alarm_says_what_it_means_and_where_to_read_on(any_stack: Graph) -> None:
    for alarm in any_stack.all("MetricAlarm"):
        assert "docs/troubleshooting.md" in alarm.inputs["alarmDescription"]


def test_every_function_has_an_alarm_on_errors_and_on_throttles(dev: Graph) -> None:
    for function in (*SERVICES, "subscription-manager"):
        assert f"{PREFIX}-{function}-errors" in alarms(dev)
        assert alarms(dev)[f"{PREFIX}-{function}-throttles"].inputs["metricName"] == "Throttles"


def test_the_dashboard_has_a_row_for_each_service_that_does_not_overlap(dev: Graph) -> None:
    (dashboard,) = dev.all("cloudwatch/dashboard:Dashboard")
    assert dashboard.inputs["dashboardName"] == PREFIX
    widgets = json.loads(dashboard.inputs["dashboardBody"])["widgets"]
    cells = [
        (x, y)
        for w in widgets
        for x in range(w["x"], w["x"] + w["width"])
        for y in range(w["y"], w["y"] + w["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    for service in SERVICES:
        rows = {w["y"] for w in widgets if w["properties"]["title"].startswith(f"{service}:")}
        assert len(rows) == 1
