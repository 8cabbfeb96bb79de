"""A batch of one FIFO queue: in order, group by group, each message ended or handed back."""

from collections.abc import Callable, Iterable
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from handlers.common.circuit.state import Circuit
from handlers.common.errors import Deferred, Failing, OutOfTime
from handlers.common.messages.delivery import Delivery, from_event
from handlers.common.messages.transactions import Transaction
from handlers.common.telemetry.logs import logger
from handlers.common.telemetry.tally import tally
from handlers.common.worker.attempts import Done, Retry
from handlers.common.worker.processing import Processor

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

T = TypeVar("T", bound=Transaction)

LONGEST = 11 * 3600
"""Seconds. SQS allows twelve hours, counted from the receive.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
"""


class HandBack(Protocol):
    """Hides messages that were not worked off."""

    def __call__(self, receipts: Iterable[tuple[str, float]]) -> None:
        """Each receipt with the seconds to hide it."""
        ...


class SqsHandBack:
    """Visibility changes in batches of ten; a message whose change fails stays hidden as it is."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def __call__(self, receipts: Iterable[tuple[str, float]]) -> None:
        """See HandBack."""
        entries: list[Any] = [
            {"Id": str(n), "ReceiptHandle": receipt, "VisibilityTimeout": ceil(min(s, LONGEST))}
            for n, (receipt, s) in enumerate(receipts)
        ]
        for start in range(0, len(entries), 10):
            try:
                self._client.change_message_visibility_batch(
                    QueueUrl=self._queue_url, Entries=entries[start : start + 10]
                )
            except (ClientError, BotoCoreError) as error:
                logger.warning("not_hidden", extra={"error": type(error).__name__})


class Worker(Generic[T]):
    """Works batches off.

    Args:
        processor: Brings one message to its end.
        hand_back: Hides the others.
        retry: How late a message is tried again; none is started with less left than a call takes.
        clock: Epoch seconds.
    """

    def __init__(
        self,
        processor: Processor[T],
        hand_back: HandBack,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self._processor, self._hand_back = processor, hand_back
        self._retry, self._clock = retry, clock

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
        back: list[tuple[Delivery, float]] = []
        for delivery in map(from_event, records):
            if delivery.group not in held:
                try:
                    self.one(delivery, deadline)
                    continue
                except Deferred as deferred:
                    tally.add("Deferred")
                    least = self._retry.least(delivery.receives)
                    held[delivery.group] = max(self._delay(deferred), least)
            back.append((delivery, held[delivery.group]))
        if back:
            tally.add("ReceivesBurned", len(back))
            self._hand_back((delivery.receipt, delay) for delivery, delay in back)
        return {"batchItemFailures": [{"itemIdentifier": delivery.carrier} for delivery, _ in back]}

    def one(
        self,
        delivery: Delivery,
        deadline: float,
        *,
        probed: Circuit | None = None,
        spare_suspect: bool = False,
    ) -> Done:
        """Works one message off; raises Deferred where it goes back. See Processor.work."""
        self._hide_ahead(delivery, deadline)
        if self.time_to_start(deadline) < 0:
            raise OutOfTime("too little of this invocation is left", 0.0)
        return self._processor.work(delivery, deadline, probed=probed, spare_suspect=spare_suspect)

    def time_to_start(self, deadline: float) -> float:
        """Seconds from now in which a message may still be started."""
        return self._retry.time_to_call(deadline - self._clock())

    def _hide_ahead(self, delivery: Delivery, deadline: float) -> None:
        """Hides what was received very often: a worker that dies of it can do so no more.

        Well beyond the deadline, so that it does not come back while it is worked on.
        """
        least = self._retry.least(delivery.receives)
        if least > 2 * (deadline - self._clock()):
            self._hand_back([(delivery.receipt, least)])

    def _delay(self, deferred: Deferred) -> float:
        """The same for every message of the group that is left in the batch."""
        gate = self._processor.gate
        if gate.shut:
            return gate.hidden_for()
        if deferred.delay is None:
            return self._retry.backoff
        if isinstance(deferred, Failing):
            return min(deferred.delay, gate.longest_wait)
        return deferred.delay
