"""The metrics that alarms judge: the system's own, and AWS's of a queue, a topic or a function."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.names import Names

OWN = "UtilityCustomerSystem"
"""The namespace of the system's own metrics; their dimensions are service and environment."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of one thing."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]


def own(names: Names, service: str, name: str) -> Metric:
    """What the workers of a service, or the manager for it, write down."""
    dimensions = {"service": service, "environment": names.stack}
    return Metric(namespace=OWN, name=name, dimensions=dimensions)


def of_queue(queue: str, name: str) -> Metric:
    """What SQS counts of a queue."""
    return Metric(namespace="AWS/SQS", name=name, dimensions={"QueueName": queue})


def of_topic(topic: str, name: str) -> Metric:
    """What SNS counts of a topic."""
    return Metric(namespace="AWS/SNS", name=name, dimensions={"TopicName": topic})


def of_function(function: str, name: str) -> Metric:
    """What Lambda counts of a function."""
    return Metric(namespace="AWS/Lambda", name=name, dimensions={"FunctionName": function})
