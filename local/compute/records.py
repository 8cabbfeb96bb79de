import base64
from collections.abc import Mapping, Sequence
from typing import Any

Record = dict[str, Any]


def to_record(message: Mapping[str, Any], source: str) -> Record:
    """A received message in the shape in which Lambda hands it to a function.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    """
    record: Record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source,
        "awsRegion": source.split(":")[3],
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        shaped["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shaped["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shaped | {"dataType": value["DataType"]}


def to_batches(messages: Sequence[Mapping[str, Any]], most: int) -> list[list[Mapping[str, Any]]]:
    """Spread message groups over at most `most` batches, each group whole and in its order.

    Messages without a group stay together.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for message in messages:
        group = message.get("Attributes", {}).get("MessageGroupId", "")
        groups.setdefault(group, []).append(message)
    batches: list[list[Mapping[str, Any]]] = [[] for _ in range(min(most, len(groups)))]
    for number, group in enumerate(groups.values()):
        batches[number % len(batches)].extend(group)
    return batches
