"""What this project relies on of CloudWatch: metrics of queues, alarms that fire by themselves."""

import json
import time

import pytest

from tests.emulated_account import Account, allow, eventually


def _alarm(account: Account, namespace: str, metric: str, dimension: tuple[str, str]) -> str:
    """An alarm above zero, and the queue that its news arrive in."""
    topic = account.topic(fifo=False)
    queue = account.queue(fifo=False, open_to=topic)
    account.subscribe(topic, account.queue_arn(queue), RawMessageDelivery="true")
    statement = allow("sns:Publish", topic) | {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
    account.sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    account.metrics.put_metric_alarm(
        AlarmName=account.name("alarm"),
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": dimension[0], "Value": dimension[1]}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
    )
    return queue


@pytest.mark.parametrize(
    "metric", ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"]
)
def test_a_queue_that_fills_raises_its_alarm(account: Account, metric: str) -> None:
    queue = account.queue()
    news = _alarm(account, "AWS/SQS", metric, ("QueueName", queue.rsplit("/", 1)[-1]))

    account.send(queue, "x")

    (body,) = eventually(lambda: account.bodies(news, wait=1), seconds=15)
    assert json.loads(body)["NewStateValue"] == "ALARM"


def test_hidden_messages_are_measured_apart(account: Account) -> None:
    queue = account.queue()
    account.send(queue, "x")
    account.receive(queue)

    def hidden() -> float:
        now = time.time()
        points = account.metrics.get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesNotVisible",
            Dimensions=[{"Name": "QueueName", "Value": queue.rsplit("/", 1)[-1]}],
            StartTime=now - 300,
            EndTime=now + 60,
            Period=60,
            Statistics=["Maximum"],
        )["Datapoints"]
        return max((point.get("Maximum", 0.0) for point in points), default=0.0)

    assert eventually(hidden) == 1.0


def test_a_metric_above_its_threshold_raises_the_alarm_by_itself(account: Account) -> None:
    namespace = account.name("namespace")
    news = _alarm(account, namespace, "Errors", ("Service", "payment"))

    account.metrics.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": "Errors",
                "Dimensions": [{"Name": "Service", "Value": "payment"}],
                "Value": 3,
            }
        ],
    )

    (body,) = eventually(lambda: account.bodies(news, wait=1))
    assert json.loads(body)["NewStateValue"] == "ALARM"


def _state(account: Account, name: str) -> str:
    (alarm,) = account.metrics.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def _ratio_alarm(account: Account, namespace: str, **changes: object) -> str:
    """An alarm on late over all, judged from four on."""
    name = account.name("alarm")

    def query(key: str, stat: str) -> dict[str, object]:
        metric = {
            "Namespace": namespace,
            "MetricName": "Took",
            "Dimensions": [{"Name": "Service", "Value": "payment"}],
        }
        return {
            "Id": key,
            "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat},
            "ReturnData": False,
        }

    asked = {
        "AlarmName": name,
        "Metrics": [
            {"Id": "judged", "Expression": "IF(ends >= 4, intime, 100)", "ReturnData": True},
            query("ends", "SampleCount"),
            query("intime", "PR(:10)"),
        ],
        "EvaluationPeriods": 1,
        "Threshold": 75,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    account.metrics.put_metric_alarm(**(asked | changes))
    return name


def _took(account: Account, namespace: str, *seconds: float) -> None:
    data = {
        "MetricName": "Took",
        "Dimensions": [{"Name": "Service", "Value": "payment"}],
        "Values": list(seconds),
    }
    account.metrics.put_metric_data(Namespace=namespace, MetricData=[data])


def test_an_alarm_on_an_expression_judges_it_above_its_minimum_volume(account: Account) -> None:
    namespace = account.name("namespace")
    name = _ratio_alarm(account, namespace)
    _took(account, namespace, 1, 2, 20)
    eventually(lambda: _state(account, name) == "OK")
    _took(account, namespace, 30)
    eventually(lambda: _state(account, name) == "ALARM")


def test_another_queue_s_depth_raises_no_alarm(account: Account) -> None:
    watched, other = account.queue(), account.queue()
    news = _alarm(
        account,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        ("QueueName", watched.rsplit("/", 1)[-1]),
    )
    (name,) = (
        alarm["AlarmName"]
        for alarm in account.metrics.describe_alarms()["MetricAlarms"]
        if {"Name": "QueueName", "Value": watched.rsplit("/", 1)[-1]} in alarm["Dimensions"]
    )
    account.send(other, "x")
    eventually(lambda: _state(account, name) == "OK")
    assert account.bodies(news, wait=3) == []


def test_silence_alarms_where_missing_data_breaches(account: Account) -> None:
    name = account.name("alarm")
    account.metrics.put_metric_alarm(
        AlarmName=name,
        Namespace=account.name("namespace"),
        MetricName="Turns",
        Statistic="Sum",
        Period=1,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        TreatMissingData="breaching",
    )
    eventually(lambda: _state(account, name) == "ALARM")
