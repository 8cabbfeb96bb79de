"""Transactions, sent to the running system as its clients send them."""

import json
import time

from local.access import Access


def pay(access: Access, customer: str, message: str, **changes: str) -> None:
    payment = {"amount": "20.00", "payment_method": "card"}
    _send(access, "payment", customer, message, payment | changes)


def set_up_account(access: Access, customer: str) -> None:
    account = {"routing_number": "021000021", "account_number": "987654321"}
    _send(access, "bank_account_setup", customer, f"set-{customer}", account)


def _send(access: Access, kind: str, customer: str, message: str, fields: dict[str, str]) -> None:
    """Each sending has a deduplication id of its own: a repeat is the ledger's to find."""
    ids = {"message_id": message, "customer_id": customer, "transaction_type": kind}
    access.sns.publish(
        TopicArn=access.outputs.transaction_topic_arn,
        Message=json.dumps(ids | fields),
        MessageGroupId=customer,
        MessageDeduplicationId=f"{message}-{time.monotonic()}",
        MessageAttributes={"transaction_type": {"DataType": "String", "StringValue": kind}},
    )
