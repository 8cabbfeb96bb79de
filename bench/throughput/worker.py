"""One consumer in a process of its own: works a batch off whenever it is told to, and tells.

Receiving and deleting is done here, as Lambda's poller does it: its time is in the rate, its CPU
and its calls are not the consumer's.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import Any

import botocore.client
import botocore.session
import msgspec

from bench.throughput.consumers import CONSUMERS, Handler


class Word(Enum):
    """What a process is told."""

    BATCH = auto()
    END = auto()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one batch cost. Times are seconds.

    Attributes:
        cpu: Of the consumer alone.
        calls: To AWS by the consumer, by operation; one on a table by the table's last word too.
        logged: Bytes on standard output, which Lambda sends to CloudWatch.
    """

    messages: int
    failed: int
    seconds: float
    cpu: float
    calls: dict[str, int]
    logged: int


class _Context:
    aws_request_id = "bench"
    function_name = "bench"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-2:123456789012:function:bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Always a whole timeout."""
        return 30_000


def work(name: str, environment: Mapping[str, str], told: Connection) -> None:
    """The life of a consumer's process: a batch for each word, until the last one."""
    os.environ.clear()
    os.environ.update(environment)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 1)  # the consumers log as their images do
    handler = CONSUMERS[name]()
    sqs: Any = botocore.session.get_session().create_client(
        "sqs", region_name=os.environ["AWS_REGION"]
    )
    with _counted() as calls:
        while told.recv() is Word.BATCH:
            calls.clear()
            told.send(_batch(sqs, handler, calls))


def _batch(sqs: Any, handler: Handler, calls: Counter[str]) -> Batch:  # noqa: ANN401 - botocore's client
    url, began = os.environ["QUEUE_URL"], time.perf_counter()
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    found = answer.get("Messages", [])
    event = {"Records": [_record(message) for message in found]}
    logged, cpu = os.fstat(1).st_size, time.process_time()
    response = handler(event, _Context())
    cpu = time.process_time() - cpu
    sys.stdout.flush()
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
    return Batch(
        messages=len(done),
        failed=len(failed),
        seconds=time.perf_counter() - began,
        cpu=cpu,
        calls={key: count for key, count in calls.items() if not key.startswith("sqs")},
        logged=os.fstat(1).st_size - logged,
    )


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
        table = arguments.get("TableName", "").rpartition("-")[2]
        called = f"{client.meta.service_model.service_name}:{operation}"
        calls[f"{called} {table}" if table else called] += 1
        return real(client, operation, arguments)

    patched: Any = botocore.client.BaseClient
    patched._make_api_call = counting  # noqa: SLF001 - the same
    try:
        yield calls
    finally:
        patched._make_api_call = real  # noqa: SLF001 - the same
