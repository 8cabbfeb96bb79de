"""Counts and ages of queues.

The age comes from CloudWatch: SQS has no call for it, and to receive messages only to look at them
would burn their receive count. The metric leaves out messages that were received often and not
deleted, which after days of probes is all that matters; so the manager also remembers the oldest
message it knows of (backlog.py) and believes the older of the two.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors
from handlers.subscription_manager.ports import Counts

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_sqs import SQSClient

PERIOD = 60
LOOK_BACK = 900
"""Seconds. The metric of a queue that was idle comes up to 15 minutes late."""


class SqsQueues:
    """Queues of one account and region."""

    def __init__(
        self, sqs: "SQSClient", cloudwatch: "CloudWatchClient", clock: Callable[[], float]
    ) -> None:
        self._sqs, self._cloudwatch, self._clock = sqs, cloudwatch, clock

    def counts(self, url: str) -> Counts:
        """See Queues."""
        with aws_errors("counting messages"):
            answer = self._sqs.get_queue_attributes(
                QueueUrl=url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )
        found = {name: int(value) for name, value in answer.get("Attributes", {}).items()}
        return Counts(
            visible=found["ApproximateNumberOfMessages"],
            in_flight=found["ApproximateNumberOfMessagesNotVisible"],
            delayed=found["ApproximateNumberOfMessagesDelayed"],
        )

    def age(self, url: str) -> float | None:
        """See Queues."""
        now = self._clock()
        with aws_errors("reading the age of the oldest message"):
            answer = self._cloudwatch.get_metric_data(
                MetricDataQueries=[
                    {
                        "Id": "age",
                        "MetricStat": {
                            "Metric": {
                                "Namespace": "AWS/SQS",
                                "MetricName": "ApproximateAgeOfOldestMessage",
                                "Dimensions": [
                                    {"Name": "QueueName", "Value": url.rsplit("/", 1)[-1]}
                                ],
                            },
                            "Period": PERIOD,
                            "Stat": "Maximum",
                        },
                    }
                ],
                StartTime=datetime.fromtimestamp(now - LOOK_BACK, UTC),
                EndTime=datetime.fromtimestamp(now, UTC),
                ScanBy="TimestampDescending",
            )
        newest = [
            value for result in answer["MetricDataResults"] for value in result.get("Values", [])
        ]
        return newest[0] if newest else None
