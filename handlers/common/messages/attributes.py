"""What SQS takes beside a message's body: ten attributes, and no more bytes than are left."""

from collections.abc import Mapping
from typing import Any

MOST = 10
"""Attributes of one message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""
LARGEST = 1_048_576
"""Bytes of a message: body and attributes, each with its name and type.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

Attribute = Mapping[str, Any]
"""As SendMessage takes it: DataType, and StringValue or BinaryValue."""


def text(value: str) -> Attribute:
    """An attribute that is a string."""
    return {"DataType": "String", "StringValue": value}


def fitting(body: str, attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    """The first attributes that fit beside the body: it counts more than what is about it.

    A message that fills its limit alone could otherwise never leave its queue.
    """
    left, fit = LARGEST - len(body.encode()), dict[str, Any]()
    for name, attribute in attributes.items():
        needed = len(name.encode()) + sum(map(_bytes, attribute.values()))
        if needed <= left and len(fit) < MOST:
            left -= needed
            fit[name] = attribute
    return fit


def _bytes(part: str | bytes) -> int:
    return len(part.encode() if isinstance(part, str) else part)
