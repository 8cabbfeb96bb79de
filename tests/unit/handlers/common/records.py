"""Messages as Lambda's SQS event brings them."""

import json
from typing import Any


def payment(
    message_id: str = "m1",
    *,
    customer: str = "c1",
    carrier: str | None = None,
    amount: object = "120.00",
    attributes: dict[str, str] | None = None,
    **fields: object,
) -> dict[str, Any]:
    """A payment as a record of Lambda's SQS event."""
    body = {
        "message_id": message_id,
        "transaction_type": "payment",
        "customer_id": customer,
        "amount": amount,
        "payment_method": "bank",
        **fields,
    }
    return record(
        json.dumps(body), carrier=carrier or f"sqs-{message_id}", group=customer, given=attributes
    )


def record(
    body: str, *, carrier: str = "sqs-1", group: str = "c1", given: dict[str, str] | None = None
) -> dict[str, Any]:
    """Any body as a record of Lambda's SQS event."""
    return {
        "messageId": carrier,
        "receiptHandle": f"receipt-{carrier}",
        "body": body,
        "attributes": {"MessageGroupId": group, "SentTimestamp": "1000000000"},
        "messageAttributes": {
            name: {"stringValue": value, "dataType": "String"}
            for name, value in (given or {}).items()
        },
        "eventSource": "aws:sqs",
    }
