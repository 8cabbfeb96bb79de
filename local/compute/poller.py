import json
import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.compute.function import Function
from local.compute.invocation import PAYLOAD_LIMIT, ThrottledError
from local.compute.records import to_batches, to_record
from local.compute.responses import failed_messages
from local.compute.settings import MappingSettings
from local.compute.tracing import trace_of

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_log = logging.getLogger(__name__)
# Seconds of one long poll: as long as a change of the mapping may go unnoticed.
LONG_POLL = 1
_RETRY = 1.0
_FINISH = 5.0


class Poller:
    """Delivers one queue to one function, as Lambda does for an event source mapping.

    SQS itself holds back a group while messages of it are hidden, so a group is in one batch at a
    time. Batches run in parallel up to the mapping's maximum concurrency. What the function hands
    back, and all of a batch that failed, stays hidden until the queue shows it again.
    """

    def __init__(
        self, settings: MappingSettings, function: Function, sqs: "SQSClient", queue: str
    ) -> None:
        self._settings = settings
        self._function = function
        self._sqs = sqs
        self._queue = queue
        self._changed = threading.Condition()
        self._in_flight = 0
        self._stopped = False
        self._batches = ThreadPoolExecutor(64, thread_name_prefix=f"batch-{function.settings.name}")
        self._thread = threading.Thread(
            target=self._poll, name=f"poll-{function.settings.name}", daemon=True
        )
        self._thread.start()

    def update(self, settings: MappingSettings) -> None:
        """Take new settings, from the next receive on. Batches in flight finish."""
        with self._changed:
            self._settings = settings
            self._changed.notify_all()

    def stop(self) -> None:
        """Receive nothing more. Does not wait."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until the last receive has returned and the batches in flight have ended."""
        self._thread.join(LONG_POLL + _FINISH)
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight == 0, _FINISH)
        self._batches.shutdown(wait=False, cancel_futures=True)

    def _poll(self) -> None:
        while slots := self._free_slots():
            try:
                messages = self._receive()
            except (ClientError, BotoCoreError) as error:
                self._report(error)
                continue
            batches = to_batches(messages, slots)
            with self._changed:
                self._in_flight += len(batches)
            for batch in batches:
                self._batches.submit(self._work, batch)

    def _free_slots(self) -> int:
        """Wait for the mapping to be enabled and for room. 0 means the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopped or (self._settings.enabled and self._room() > 0)
            )
            return 0 if self._stopped else self._room()

    def _room(self) -> int:
        return (self._settings.concurrency or self._function.limit) - self._in_flight

    def _report(self, error: Exception) -> None:
        with self._changed:
            if not self._stopped:
                _log.warning("cannot receive from %s: %s", self._queue, error)
                self._changed.wait(_RETRY)

    def _receive(self) -> Sequence[Mapping[str, Any]]:
        return self._sqs.receive_message(
            QueueUrl=self._queue,
            MaxNumberOfMessages=self._settings.batch_size,
            WaitTimeSeconds=LONG_POLL,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])

    def _work(self, batch: Sequence[Mapping[str, Any]]) -> None:
        try:
            self._deliver(batch)
        except (ClientError, BotoCoreError) as error:
            _log.warning("cannot delete from %s: %s", self._queue, error)
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def _deliver(self, batch: Sequence[Mapping[str, Any]]) -> bool:
        """Whether every message of the batch was worked off."""
        records = [to_record(message, self._settings.source) for message in batch]
        event = json.dumps({"Records": records}).encode()
        if len(event) > PAYLOAD_LIMIT and len(batch) > 1:
            half = len(batch) // 2
            # The second half may hold later messages of a group that failed in the first.
            return self._deliver(batch[:half]) and self._deliver(batch[half:])
        try:
            outcome = self._function.invoke(event, trace_of(records))
        except ThrottledError:
            return False
        if outcome.failed:
            return False
        ids = {str(message["MessageId"]) for message in batch}
        failed = failed_messages(outcome.payload, ids) if self._settings.partial else frozenset()
        self._delete([message for message in batch if message["MessageId"] not in failed])
        return not failed

    def _delete(self, messages: Sequence[Mapping[str, Any]]) -> None:
        if not messages:
            return
        answer = self._sqs.delete_message_batch(
            QueueUrl=self._queue,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages)
            ],
        )
        for refused in answer.get("Failed", []):
            _log.warning("not deleted from %s: %s", self._queue, refused.get("Message"))
