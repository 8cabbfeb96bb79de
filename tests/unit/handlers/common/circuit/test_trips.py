"""A trip reaches the control topic."""

import json

from handlers.common.circuit.events import Trip
from handlers.common.circuit.trips import SnsTrips
from handlers.common.errors import Cause
from tests.unit.handlers.common.queue_and_topic import Aws


def test_a_trip_is_published_with_its_generation(aws: Aws) -> None:
    topic = aws.sns.create_topic(Name="control")["TopicArn"]
    queue = aws.sqs.create_queue(QueueName="manager")["QueueUrl"]
    aws.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-2:123456789012:manager"
    )
    trip = Trip(generation=3, cause=Cause.AWS, why="throttled", who="w")
    SnsTrips(aws.sns, topic)("payment-processing", trip)
    (message,) = aws.sqs.receive_message(QueueUrl=queue)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["action"], told["service"], told["generation"]) == (
        "trip",
        "payment-processing",
        3,
    )
