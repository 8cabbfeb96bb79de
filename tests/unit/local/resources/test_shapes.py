import boto3
import pytest

from local.resources.clients import Clients
from local.resources.shapes import camel, parameters, properties


@pytest.fixture(scope="module")
def aws() -> Clients:
    return Clients(boto3.Session(region_name="us-east-2"))


def test_members_get_awss_capitals_at_every_depth(aws: Clients) -> None:
    shape = aws.takes("lambda", "CreateEventSourceMapping")
    given = {"batchSize": 5, "scalingConfig": {"maximumConcurrency": 2}}
    expected = {"BatchSize": 5, "ScalingConfig": {"MaximumConcurrency": 2}}
    assert parameters(shape, given, {}) == expected


def test_the_keys_of_a_map_are_left_alone(aws: Clients) -> None:
    shape = aws.takes("lambda", "CreateFunction")
    given = {"environment": {"variables": {"lower_case": "x"}}}
    assert parameters(shape, given, {})["Environment"]["Variables"] == {"lower_case": "x"}


def test_another_word_is_given_by_name(aws: Clients) -> None:
    shape = aws.takes("cloudwatch", "PutMetricAlarm")
    assert parameters(shape, {"name": "errors"}, {"name": "AlarmName"}) == {"AlarmName": "errors"}


def test_a_property_that_aws_does_not_have_is_not_swallowed(aws: Clients) -> None:
    shape = aws.takes("lambda", "CreateFunction")
    assert parameters(shape, {"colour": "blue"}, {}) == {"colour": "blue"}


def test_a_whole_number_becomes_a_float_where_aws_has_one(aws: Clients) -> None:
    shape = aws.takes("cloudwatch", "PutMetricAlarm")
    assert isinstance(parameters(shape, {"threshold": 1}, {})["Threshold"], float)


def test_an_answer_comes_back_in_pulumis_words(aws: Clients) -> None:
    shape = aws.answers("scheduler", "GetSchedule")
    answer = {"Name": "turn", "Target": {"Arn": "a", "RetryPolicy": {"MaximumRetryAttempts": 1}}}
    assert properties(shape, answer, {}) == {
        "name": "turn",
        "target": {"arn": "a", "retryPolicy": {"maximumRetryAttempts": 1}},
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Timeout", "timeout"),
        ("OKActions", "okActions"),
        ("KMSKeyArn", "kmsKeyArn"),
        ("ARN", "arn"),
        ("repositoryName", "repositoryName"),
    ],
)
def test_leading_capitals_become_small(name: str, expected: str) -> None:
    assert camel(name) == expected
