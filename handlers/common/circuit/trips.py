"""A worker's trip, told to the manager on the control topic."""

from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors
from handlers.common.circuit.control import trip_message
from handlers.common.circuit.events import Trip

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient


class SnsTrips:
    """A TripAnnouncer over the control topic."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client, self._topic_arn = client, topic_arn

    def __call__(self, service: str, trip: Trip) -> None:
        """See TripAnnouncer."""
        with aws_errors("publishing the trip"):
            self._client.publish(TopicArn=self._topic_arn, Message=trip_message(service, trip))
