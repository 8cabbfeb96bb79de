"""What the three consumers need of the embedded AWS: a queue each, tables, topics, a secret."""

from dataclasses import dataclass
from typing import Any

import boto3
import msgspec

from bench.environment import of_service
from local.bank.client import Bank

API_KEY = "bench"


@dataclass(frozen=True)
class Account:
    """Resources in one account, as a consumer's environment names them."""

    environment: dict[str, str]
    dead_letters: str


def prepared(session: boto3.Session, bank: Bank, name: str) -> Account:
    """Makes what one consumer needs; `name` keeps them apart."""
    sqs: Any = session.client("sqs")
    sns: Any = session.client("sns")
    secrets: Any = session.client("secretsmanager")
    fifo = {"FifoQueue": "true"}
    queue = sqs.create_queue(
        QueueName=f"{name}.fifo", Attributes={**fifo, "VisibilityTimeout": "180"}
    )["QueueUrl"]
    dead = sqs.create_queue(QueueName=f"{name}-dlq.fifo", Attributes=fifo)["QueueUrl"]
    outcomes = sns.create_topic(Name=f"{name}-outcomes.fifo", Attributes={"FifoTopic": "true"})
    control = sns.create_topic(Name=f"{name}-control")
    secrets.create_secret(Name=f"{name}-key", SecretString=API_KEY)
    kms: Any = session.client("kms")
    fingerprints = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    tables: Any = session.client("dynamodb")
    for table, key, more in (
        (f"{name}-ledger", "id", []),
        (f"{name}-circuit", "service", ["record"]),
        (f"{name}-breaker", "id", []),
    ):
        keys = [key, *more]
        tables.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            KeySchema=[
                {"AttributeName": k, "KeyType": kind}
                for k, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )
    return Account(
        environment={
            **of_service("payment-processing"),
            "LEDGER_TABLE": f"{name}-ledger",
            "FINGERPRINT_KEY": fingerprints["KeyMetadata"]["KeyId"],
            "CIRCUIT_TABLE": f"{name}-circuit",
            "BREAKER_TABLE": f"{name}-breaker",
            "QUEUE_URL": queue,
            "DEAD_LETTER_QUEUE_URL": dead,
            "CONTROL_TOPIC_ARN": control["TopicArn"],
            "OUTCOMES_TOPIC_ARN": outcomes["TopicArn"],
            "BANK_URL": bank.url,
            "BANK_API_KEY_SECRET": f"{name}-key",
            "BANK_API_KEY": API_KEY,
        },
        dead_letters=dead,
    )


def fill(session: boto3.Session, queue: str, messages: int, customers: int) -> None:
    """Sends payments, ten at a time."""
    sqs: Any = session.client("sqs")
    entries = [
        {
            "Id": str(n % 10),
            "MessageBody": _json(
                {
                    "message_id": f"bench-{n}",
                    "transaction_type": "payment",
                    "customer_id": f"customer-{n % customers}",
                    "amount": "120.00",
                    "payment_method": "bank_account",
                }
            ),
            "MessageGroupId": f"customer-{n % customers}",
            "MessageDeduplicationId": f"bench-{n}",
        }
        for n in range(messages)
    ]
    for start in range(0, messages, 10):
        sqs.send_message_batch(QueueUrl=queue, Entries=entries[start : start + 10])


def _json(value: dict[str, str]) -> str:
    return msgspec.json.encode(value).decode()
