import threading
from typing import Any

import msgspec
import pytest

from local.scenario.lines import Line, read_lines
from local.scenario.publish import Publisher, SendError

LINES = [line for line in read_lines() if line.act == "steady"]


class Recording:
    """Stands for an Access: takes messages and remembers them in order."""

    def __init__(self, *, refused: int | None = None) -> None:
        self.taken: list[tuple[str, str]] = []
        self.batches: list[int] = []
        self._refused = refused
        self.sns = self.sqs = self.outputs = self
        self.transaction_topic_arn = "arn:topic"
        self.queue_urls = {"payment-processing": "payments", "bank-account-setup": "accounts"}

    def publish_batch(
        self,
        *,
        TopicArn: str,  # noqa: N803 - boto3's names
        PublishBatchRequestEntries: list[dict[str, Any]],  # noqa: N803 - boto3's names
    ) -> dict[str, Any]:
        self.batches.append(len(PublishBatchRequestEntries))
        failed = [
            {"Id": entry["Id"], "Message": "no"}
            for entry in PublishBatchRequestEntries
            if entry["Id"] == str(self._refused)
        ]
        self.taken += [(TopicArn, entry["Message"]) for entry in PublishBatchRequestEntries]
        return {"Failed": failed}

    def send_message(self, *, QueueUrl: str, MessageBody: str, **_: object) -> None:  # noqa: N803 - boto3's names
        self.taken.append((QueueUrl, MessageBody))


def publisher(recording: Recording) -> Any:  # noqa: ANN401 - the recording is no Access
    unchecked: Any = Publisher
    return unchecked(recording)


def place(line: Line) -> str:
    return {"topic": "arn:topic", "payment-processing": "payments"}.get(line.via, "accounts")


def test_lines_go_out_in_their_order_whichever_way_they_go() -> None:
    recording = Recording()
    sender = publisher(recording)
    sender.send(LINES, per_second=100_000, stop=threading.Event())
    assert recording.taken == [(place(line), line.body) for line in LINES]
    assert sender.sent == [line.number for line in LINES]


def test_a_batch_has_ten_messages_at_most() -> None:
    recording = Recording()
    publisher(recording).send(LINES, per_second=100_000, stop=threading.Event())
    assert max(recording.batches) == 10


def test_a_batch_is_not_larger_than_sns_takes_it() -> None:
    long = [msgspec.structs.replace(x, message=msgspec.Raw(b"1" * 100_000)) for x in LINES[:5]]
    recording = Recording()
    publisher(recording).send(long, per_second=100_000, stop=threading.Event())
    assert recording.batches == [2, 2, 1]


def test_a_line_that_was_not_taken_is_named() -> None:
    line = LINES[3]
    with pytest.raises(SendError, match=f"line {line.number} was not taken: no"):
        publisher(Recording(refused=line.number)).send(
            LINES, per_second=100_000, stop=threading.Event()
        )


def test_a_publisher_that_is_told_to_stop_sends_no_more() -> None:
    stop = threading.Event()
    stop.set()
    recording = Recording()
    publisher(recording).send([msgspec.structs.replace(LINES[0])], per_second=1, stop=stop)
    assert recording.taken == []
