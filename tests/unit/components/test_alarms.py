import json
import re

import pytest

from components.alarm import said
from local.monitor import RecordedResource
from tests.unit.components.harness import ROOT, SERVICES, Graph, graph, run

PREFIX = "utility-customer-system-dev"
HOUR, VOLUME = 3600, 5


def alarms(stack: Graph) -> dict[str, RecordedResource]:
    return {alarm.inputs["name"]: alarm for alarm in stack.all("MetricAlarm")}


def test_the_backstop_judges_errors_over_invocations_above_a_minimum_volume(dev: Graph) -> None:
    for service in SERVICES:
        inputs = alarms(dev)[f"{PREFIX}-{service}-errors"].inputs
        queries = {query["id"]: query for query in inputs["metricQueries"]}
        assert queries["judged"]["expression"] == "IF(calls >= 5, errors / calls, 0)"
        assert queries["judged"]["returnData"] is True
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


def test_a_function_that_fails_on_a_quiet_queue_is_told_of_within_the_hour(dev: Graph) -> None:
    """One message alone, which comes back after its visibility timeout, is volume enough."""
    for service in SERVICES:
        found = alarms(dev)
        backstop, slow = (
            {query["id"]: query for query in found[name].inputs["metricQueries"]}
            for name in (f"{PREFIX}-{service}-errors", f"{PREFIX}-{service}-errors-slow")
        )
        assert slow["judged"] == backstop["judged"]
        assert [slow[name]["metric"]["period"] for name in ("errors", "calls")] == [HOUR, HOUR]
        (hidden,) = [
            queue.inputs["visibilityTimeoutSeconds"]
            for queue in dev.all("sqs/queue:Queue")
            if queue.inputs["name"] == f"{PREFIX}-{service}.fifo"
        ]
        assert slow["judged"]["expression"] == f"IF(calls >= {VOLUME}, errors / calls, 0)"
        assert HOUR / hidden >= VOLUME


def test_every_other_alarm_tells_people_and_people_only(any_stack: Graph) -> None:
    notify = [any_stack.outputs["notifications_topic_arn"]]
    backstops = tuple(f"-{service}-errors" for service in SERVICES)
    for alarm in any_stack.all("MetricAlarm"):
        if not alarm.inputs["name"].endswith(backstops):
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


def test_an_alarm_on_a_time_says_how_long(any_stack: Graph) -> None:
    means = {name: one.inputs["alarmDescription"] for name, one in alarms(any_stack).items()}
    timed = [text for name, text in means.items() if re.search("-(age|data-loss|nothing)", name)]
    assert len(timed) == 3 * len(SERVICES) + 1
    for text in timed:
        assert re.search(r" [1-9]\d* (days|h|min|s)\. ", text), text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (90, "90 s"),
        (60, "1 min"),
        (1200, "20 min"),
        (3600, "1 h"),
        (5400, "90 min"),
        (86400, "24 h"),
        (259200, "3 days"),
        (90000, "25 h"),
    ],
)
def test_a_duration_is_said_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert said(seconds) == words


def test_an_open_or_held_circuit_has_an_alarm(dev: Graph) -> None:
    for service in SERVICES:
        inputs = alarms(dev)[f"{PREFIX}-{service}-circuit"].inputs
        assert (inputs["metricName"], inputs["threshold"]) == ("CircuitState", 2)
        assert inputs["comparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_a_manager_that_does_not_reconcile_has_an_alarm(dev: Graph) -> None:
    for service in SERVICES:
        inputs = alarms(dev)[f"{PREFIX}-{service}-not-reconciled"].inputs
        assert inputs["metricName"] == "Reconciles"
        assert inputs["dimensions"] == {"service": service, "environment": "dev"}
        assert inputs["treatMissingData"] == "breaching"


def test_the_service_level_is_judged_fast_and_slow_above_a_minimum_volume(dev: Graph) -> None:
    for speed, window, least in (("fast", 3600, 98.56), ("slow", 21600, 99.4)):
        inputs = alarms(dev)[f"{PREFIX}-payment-processing-service-level-{speed}"].inputs
        queries = {query["id"]: query for query in inputs["metricQueries"]}
        assert inputs["threshold"] == least
        assert inputs["comparisonOperator"] == "LessThanThreshold"
        assert queries["judged"]["expression"] == "IF(ends >= 20, intime, 100)"
        stats = {key: queries[key]["metric"]["stat"] for key in ("ends", "intime")}
        assert stats == {"ends": "SampleCount", "intime": "PR(:300)"}
        assert {queries[key]["metric"]["period"] for key in stats} == {window}


def test_silence_is_an_alarm_sooner_where_customers_pay() -> None:
    for stack, seconds in (("dev", 86400), ("prod", 10800)):
        quiet = alarms(graph(stack))[f"utility-customer-system-{stack}-nothing-arrives"].inputs
        assert (quiet["metricName"], quiet["period"]) == ("NumberOfMessagesPublished", seconds)
        assert quiet["treatMissingData"] == "breaching"


def test_an_old_message_is_an_alarm_after_the_settings_time() -> None:
    stack = run("dev", {"alarmMessageAge": 700})
    for service in SERVICES:
        inputs = alarms(stack)[f"{PREFIX}-{service}-age"].inputs
        assert (inputs["metricName"], inputs["threshold"]) == (
            "ApproximateAgeOfOldestMessage",
            700,
        )


def test_messages_without_any_attribute_have_an_alarm(dev: Graph) -> None:
    inputs = alarms(dev)[f"{PREFIX}-no-attributes"].inputs
    assert inputs["metricName"] == "NumberOfNotificationsFilteredOut-NoMessageAttributes"
    assert inputs["dimensions"] == {"TopicName": f"{PREFIX}-transaction-processing.fifo"}


def test_every_alarm_says_what_it_means_and_where_to_read_on(any_stack: Graph) -> None:
    guide = (ROOT / "docs" / "troubleshooting.md").read_text()
    sections = {line[3:].replace(" ", "-") for line in guide.splitlines() if line[:3] == "## "}
    for alarm in any_stack.all("MetricAlarm"):
        means, _, section = alarm.inputs["alarmDescription"].rpartition("docs/troubleshooting.md#")
        assert len(means.split(". ")) > 1, "what it means, then what to do"
        assert section in sections


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
        assert len(rows) == 2


def test_the_dashboard_begins_with_what_fires_of_every_alarm(any_stack: Graph) -> None:
    (dashboard,) = any_stack.all("cloudwatch/dashboard:Dashboard")
    strip = json.loads(dashboard.inputs["dashboardBody"])["widgets"][0]
    assert (strip["type"], strip["y"], strip["properties"]["states"]) == ("alarm", 0, ["ALARM"])
    listed = {arn.rpartition(":alarm:")[2] for arn in strip["properties"]["alarms"]}
    assert listed == set(alarms(any_stack))


def test_an_alarm_links_to_wherever_the_guide_is_read() -> None:
    stack = run("dev", {"guide": "https://runbooks.example.com/payments"})
    for alarm in stack.all("MetricAlarm"):
        assert "https://runbooks.example.com/payments#" in alarm.inputs["alarmDescription"]


def test_every_metric_that_an_alarm_or_a_widget_names_stands_in_the_guide(any_stack: Graph) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    meanings = {
        name: row[2].strip()
        for row in rows
        if len(row) == 3
        for name in re.findall("`([^`]+)`", row[0])
    }
    for metric in named_metrics(any_stack):
        assert meanings.get(metric), metric


def named_metrics(stack: Graph) -> set[str]:
    (dashboard,) = stack.all("cloudwatch/dashboard:Dashboard")
    widgets = json.loads(dashboard.inputs["dashboardBody"])["widgets"]
    shown = {metric[1] for w in widgets for metric in w["properties"].get("metrics", ())}
    judged = {alarm.inputs.get("metricName") for alarm in stack.all("MetricAlarm")}
    parts = {
        query["metric"]["metricName"]
        for alarm in stack.all("MetricAlarm")
        for query in alarm.inputs.get("metricQueries", ())
        if "metric" in query
    }
    return {name for name in shown | judged | parts if name}


def test_every_alarm_stands_in_the_guide(any_stack: Graph) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page[page.index("## Alarms") :]
    for name in alarms(any_stack):
        what = name.removeprefix("utility-customer-system-").partition("-")[2]
        for service in SERVICES:
            what = what.replace(f"{service}-", "{service}-")
        assert f"`{what}`" in table, what
