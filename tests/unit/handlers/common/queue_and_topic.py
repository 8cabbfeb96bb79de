"""A FIFO queue and a FIFO topic in moto, for the classes over SQS and SNS."""

from typing import Any

from botocore.session import get_session


class Aws:
    """A FIFO queue, subscribed to a FIFO topic, raw."""

    def __init__(self) -> None:
        session = get_session()
        self.sqs: Any = session.create_client("sqs", region_name="us-east-2")
        self.sns: Any = session.create_client("sns", region_name="us-east-2")
        fifo = {"FifoQueue": "true"}
        self.queue = self.sqs.create_queue(QueueName="q.fifo", Attributes=fifo)["QueueUrl"]
        self.topic = self.sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})[
            "TopicArn"
        ]
        self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-2:123456789012:q.fifo",
            Attributes={"RawMessageDelivery": "true"},
        )

    def hidden(self) -> int:
        """How many messages were received and not deleted."""
        name = "ApproximateNumberOfMessagesNotVisible"
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=[name])
        return int(found["Attributes"][name])

    def received(self) -> list[dict[str, Any]]:
        return self.sqs.receive_message(
            QueueUrl=self.queue,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
