"""What is said to the manager, and what it answers."""

import json
from datetime import UTC, datetime
from typing import Any


def sns_event(*messages: tuple[str, float]) -> dict[str, Any]:
    """Lambda's event of SNS, of texts and SNS's times."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "Sns": {
                    "MessageId": f"message-{number}",
                    "Message": text,
                    "Timestamp": datetime.fromtimestamp(at, UTC)
                    .isoformat(timespec="milliseconds")
                    .replace("+00:00", "Z"),
                    "TopicArn": "arn:aws:sns:us-east-2:123456789012:control",
                },
            }
            for number, (text, at) in enumerate(messages)
        ]
    }


def say(action: str, **fields: object) -> str:
    """A control message's text."""
    return json.dumps({"action": action, **fields})


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def one(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer about the only service."""
    (service,) = answer["services"]
    return service


def turns(answer: dict[str, Any]) -> dict[str, str]:
    """How each service's turn went."""
    return {service["service"]: service["turn"] for service in answer["services"]}
