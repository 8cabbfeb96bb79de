"""Announcements on the notifications topic."""

from typing import TYPE_CHECKING

import msgspec

from handlers.common.aws import aws_errors
from handlers.subscription_manager.notices import Notice

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

SUBJECT = 100
"""Characters that SNS takes. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""


class SnsNotifications:
    """Publishes to one topic."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client, self._topic_arn = client, topic_arn

    def publish(self, subject: str, content: Notice) -> None:
        """See Notifications."""
        with aws_errors("announcing"):
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=subject[:SUBJECT],
                Message=msgspec.json.encode(content).decode(),
            )
