"""`python -m bench.throughput.worker CONSUMER FILE`: one worker works its queue empty and tells.

Receiving and deleting is done here, as Lambda's poller does it: its time is in the rate, its CPU
and its calls are not the consumer's.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.client
import botocore.session
import msgspec

from bench.throughput.consumers import CONSUMERS, Handler


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker did. Times are seconds.

    Attributes:
        cpu: Of the consumer alone.
        calls: To AWS by the consumer, by operation.
    """

    messages: int
    seconds: float
    cpu: float
    calls: dict[str, int]
    failed: int


class _Context:
    aws_request_id = "bench"
    function_name = "bench"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-2:123456789012:function:bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Always a whole timeout."""
        return 30_000


def main() -> None:
    """The whole life of the worker."""
    name, file = sys.argv[1:]
    handler = CONSUMERS[name]()
    sqs: Any = botocore.session.get_session().create_client(
        "sqs", region_name=os.environ["AWS_REGION"]
    )
    with _counted() as calls:
        _batch(sqs, handler)
        calls.clear()
        began, cpu, messages, failed = time.perf_counter(), 0.0, 0, 0
        while (one := _batch(sqs, handler)) is not None:
            cpu, messages, failed = cpu + one[0], messages + one[1], failed + one[2]
        seconds = time.perf_counter() - began
    found = Measured(
        messages=messages,
        seconds=seconds,
        cpu=cpu,
        calls={key: count for key, count in calls.items() if not key.startswith("sqs")},
        failed=failed,
    )
    Path(file).write_bytes(msgspec.json.encode(found))


def _batch(sqs: Any, handler: Handler) -> tuple[float, int, int] | None:  # noqa: ANN401 - botocore's client
    """CPU seconds, messages and failures of one batch; None where the queue is empty."""
    url = os.environ["QUEUE_URL"]
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    found = answer.get("Messages", [])
    if not found:
        return None
    event = {"Records": [_record(message) for message in found]}
    began = time.process_time()
    response = handler(event, _Context())
    cpu = time.process_time() - began
    failed = {item["itemIdentifier"] for item in response["batchItemFailures"]}
    done = [message for message in found if message["MessageId"] not in failed]
    if done:
        sqs.delete_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
                for n, message in enumerate(done)
            ],
        )
    return cpu, len(done), len(failed)


def _record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:bench.fifo",
        "awsRegion": "us-east-2",
    }


@contextmanager
def _counted() -> Generator[Counter[str]]:
    """Counts every call of every client in this process."""
    calls: Counter[str] = Counter()
    real: Any = botocore.client.BaseClient._make_api_call  # noqa: SLF001 # pyright: ignore - the one place all calls go through

    def counting(client: Any, operation: str, arguments: Any) -> Any:  # noqa: ANN401 - the same
        calls[f"{client.meta.service_model.service_name}:{operation}"] += 1
        return real(client, operation, arguments)

    patched: Any = botocore.client.BaseClient
    patched._make_api_call = counting  # noqa: SLF001 - the same
    try:
        yield calls
    finally:
        patched._make_api_call = real  # noqa: SLF001 - the same


if __name__ == "__main__":
    main()
