"""Three ways to work a batch of payments off, each a function as Lambda calls it.

Imported in the worker's own process, after its environment is set.
"""
# ruff: noqa: PLC0415 - each consumer imports only what it needs, as its own image would

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Handler = Callable[[dict[str, Any], Any], Any]


def ours() -> Handler:
    """This system's payment-processing, as its image runs it."""
    from handlers.payment_processing.app import handler

    return handler


def bare() -> Handler:
    """Parse and call; nothing is remembered, guarded or announced."""
    import urllib3

    http = urllib3.PoolManager(retries=False, timeout=10)
    url = os.environ["BANK_URL"] + "/v1/payments"

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's
        del context
        for record in event["Records"]:
            message = json.loads(record["body"])
            _pay(http, url, message)
        return {"batchItemFailures": []}

    return handler


def powertools() -> Handler:
    """Powertools' batch, idempotency and circuit_breaker, with their DynamoDB layers.

    The same work: validated, called once by key, its outcome published before the idempotency
    record's last write, the same five events logged, and counted.
    """
    import boto3
    import msgspec
    import urllib3
    from aws_lambda_powertools import Logger, Metrics
    from aws_lambda_powertools.metrics import MetricUnit
    from aws_lambda_powertools.utilities.batch import (
        SqsFifoPartialProcessor,
        process_partial_response,
    )
    from aws_lambda_powertools.utilities.circuit_breaker import circuit_breaker
    from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
        CircuitBreakerDynamoDBPersistence,
    )
    from aws_lambda_powertools.utilities.idempotency import (
        DynamoDBPersistenceLayer,
        IdempotencyConfig,
        idempotent_function,
    )

    from handlers.common.messages.transactions import Payment

    logger = Logger()
    metrics = Metrics(namespace="bench")
    http = urllib3.PoolManager(retries=False, timeout=10)
    url = os.environ["BANK_URL"] + "/v1/payments"
    sns: Any = boto3.client("sns")
    topic = os.environ["OUTCOMES_TOPIC_ARN"]
    breaker = CircuitBreakerDynamoDBPersistence(table_name=os.environ["BREAKER_TABLE"])
    ledger = DynamoDBPersistenceLayer(table_name=os.environ["LEDGER_TABLE"])
    remembered = IdempotencyConfig(
        event_key_jmespath="message_id", expires_after_seconds=90 * 86_400
    )
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)

    @circuit_breaker(name="bank", persistence_store=breaker)  # pyright: ignore[reportUntypedFunctionDecorator] - Powertools' decorator has no types
    def call(message: dict[str, Any]) -> str:
        return _pay(http, url, message)

    def tell(event: str, message: dict[str, Any], **more: object) -> None:
        ids = {"customer_id": message["customer_id"], "message_id": message["message_id"]}
        logger.info(event, extra={"event": event, **ids, **more})

    @idempotent_function(
        data_keyword_argument="message", persistence_store=ledger, config=remembered
    )
    def work(*, message: dict[str, Any]) -> dict[str, str]:
        tell("bank_called", message)
        reference = call(message)
        outcome = {
            "message_id": message["message_id"],
            "transaction_type": "payment",
            "customer_id": message["customer_id"],
            "outcome": "completed",
            "reference": reference,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        sns.publish(
            TopicArn=topic,
            Message=json.dumps(outcome),
            MessageGroupId=message["customer_id"],
            MessageDeduplicationId=hashlib.sha256(message["message_id"].encode()).hexdigest(),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": outcome[name]}
                for name in ("outcome", "transaction_type")
            },
        )
        tell("completed", message, reference=reference)
        return {"reference": reference}

    def one(record: Any) -> None:  # noqa: ANN401 - Powertools' own record
        message = json.loads(record.body)
        tell("message_received", message)
        tell("validation_started", message)
        msgspec.convert(message, Payment)
        tell("validation_completed", message)
        work(message=message)
        metrics.add_metric(name="Completed", unit=MetricUnit.Count, value=1)

    def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - Lambda's
        remembered.register_lambda_context(context)
        answer = process_partial_response(
            event=event, record_handler=one, processor=processor, context=context
        )
        metrics.flush_metrics()
        return answer

    return handler


CONSUMERS: dict[str, Callable[[], Handler]] = {
    "this system": ours,
    "bare loop": bare,
    "Powertools": powertools,
}


def _pay(http: Any, url: str, message: dict[str, Any]) -> str:  # noqa: ANN401 - urllib3's pool
    body = {
        "customer_id": message["customer_id"],
        "amount": message["amount"],
        "fee": "3.00",
        "currency": "USD",
        "payment_method": message["payment_method"],
    }
    answer = http.request(
        "POST",
        url,
        body=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['BANK_API_KEY']}",
            "Idempotency-Key": message["message_id"],
            "Content-Type": "application/json",
        },
    )
    if answer.status != 201:  # noqa: PLR2004 - HTTP
        raise ConnectionError(f"the bank answered {answer.status}")
    return json.loads(answer.data)["reference"]
