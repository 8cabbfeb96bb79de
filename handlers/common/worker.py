"""A batch of one FIFO queue: in order, group by group, each message ended or handed back."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from handlers.common.circuit import Circuit
from handlers.common.delivery import Delivery, from_event
from handlers.common.errors import Deferred, OutOfTime
from handlers.common.messages import Transaction
from handlers.common.processing import Done, Processor
from handlers.common.telemetry import count, logger

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

T = TypeVar("T", bound=Transaction)

MARGIN = 1.0
"""Seconds kept free at the end of an invocation, for the last writes and the answer."""

LONGEST = 12 * 3600
"""Seconds. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html"""


class HandBack(Protocol):
    """Hides messages that were not worked off."""

    def __call__(self, receipts: Iterable[tuple[str, float]]) -> None:
        """Each receipt with the seconds to hide it."""
        ...


class SqsHandBack:
    """Visibility changes in batches of ten; one that fails keeps its timeout, which is longer."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def __call__(self, receipts: Iterable[tuple[str, float]]) -> None:
        """See HandBack."""
        entries: list[Any] = [
            {"Id": str(n), "ReceiptHandle": receipt, "VisibilityTimeout": min(round(s), LONGEST)}
            for n, (receipt, s) in enumerate(receipts)
        ]
        for start in range(0, len(entries), 10):
            try:
                self._client.change_message_visibility_batch(
                    QueueUrl=self._queue_url, Entries=entries[start : start + 10]
                )
            except (ClientError, BotoCoreError) as error:
                logger.warning("not_hidden", why=type(error).__name__)


class Worker(Generic[T]):
    """Works batches off.

    Args:
        processor: Brings one message to its end.
        hand_back: Hides the others.
        bank_timeout: Seconds that one call may take: no message is started with less left.
        backoff: Seconds to hide a message where nothing else says how long.
        clock: Epoch seconds.
    """

    def __init__(
        self,
        processor: Processor[T],
        hand_back: HandBack,
        *,
        bank_timeout: float,
        backoff: float,
        clock: Callable[[], float],
    ) -> None:
        self._processor, self._hand_back = processor, hand_back
        self._needed, self._backoff, self._clock = bank_timeout + MARGIN, backoff, clock

    def batch(self, records: list[dict[str, Any]], remaining: float) -> dict[str, Any]:
        """Works the records of one invocation off.

        Args:
            records: As Lambda's SQS event has them.
            remaining: Seconds until the invocation is ended.

        Returns:
            The partial batch response: every message that is not at its end.
            https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
        """
        deadline = self._clock() + remaining
        held: dict[str, float] = {}
        failed: list[tuple[Delivery, float]] = []
        done: list[Done] = []
        for delivery in map(from_event, records):
            if delivery.group not in held:
                try:
                    done.append(self.one(delivery, deadline))
                    continue
                except Deferred as deferred:
                    held[delivery.group] = self._delay(deferred)
            failed.append((delivery, held[delivery.group]))
        if failed:
            self._hand_back((delivery.receipt, delay) for delivery, delay in failed)
        _measure(done, len(failed))
        return {
            "batchItemFailures": [{"itemIdentifier": delivery.carrier} for delivery, _ in failed]
        }

    def one(self, delivery: Delivery, deadline: float, probed: Circuit | None = None) -> Done:
        """Works one message off; raises Deferred where it goes back. See Processor.work."""
        if deadline - self._clock() < self._needed:
            raise OutOfTime("too little of this invocation is left", 0.0)
        return self._processor.work(delivery, deadline, probed)

    def _delay(self, deferred: Deferred) -> float:
        """The same for every message of the group that is left in the batch."""
        if self._processor.gate.shut:
            return self._processor.gate.hidden_for()
        return self._backoff if deferred.delay is None else deferred.delay


def _measure(done: list[Done], deferred: int) -> None:
    ends = {"completed": 0, "rejected": 0, "dead_lettered": 0, "outcome_unknown": 0}
    for one in done:
        if not one.duplicate:
            ends[one.outcome] += 1
    named = {
        "Completed": ends["completed"],
        "Rejected": ends["rejected"],
        "DeadLettered": ends["dead_lettered"],
        "OutcomeUnknown": ends["outcome_unknown"],
        "Duplicates": sum(one.duplicate for one in done),
        "Deferred": deferred,
    }
    count(**{name: value for name, value in named.items() if value})
