from typing import Any

import pytest

from local.compute.records import to_batches, to_record

SOURCE = "arn:aws:sqs:us-east-2:123456789012:payments.fifo"


def _message(body: str, group: str = "") -> dict[str, Any]:
    attributes = {"MessageGroupId": group} if group else {}
    return {"Body": body, "Attributes": attributes}


def _bodies(batches: list[list[Any]]) -> list[str]:
    return ["".join(message["Body"] for message in batch) for batch in batches]


GROUPED = [_message("a", "1"), _message("b", "2"), _message("c", "1"), _message("d", "3")]


@pytest.mark.parametrize(
    ("most", "batches"),
    [(1, ["acbd"]), (2, ["acd", "b"]), (3, ["ac", "b", "d"]), (9, ["ac", "b", "d"])],
)
def test_groups_are_spread_over_the_free_slots_each_whole_and_in_order(
    most: int, batches: list[str]
) -> None:
    assert _bodies(to_batches(GROUPED, most)) == batches


def test_messages_without_a_group_stay_together() -> None:
    assert _bodies(to_batches([_message("a"), _message("b")], 5)) == ["ab"]


def test_no_messages_make_no_batches() -> None:
    assert to_batches([], 5) == []


def test_the_digest_of_attributes_is_there_only_with_attributes() -> None:
    bare = {"MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "x"}

    assert "md5OfMessageAttributes" not in to_record(bare, SOURCE)
    record = to_record(bare | {"MD5OfMessageAttributes": "y"}, SOURCE)
    assert record["md5OfMessageAttributes"] == "y"
    assert record["awsRegion"] == "us-east-2"
