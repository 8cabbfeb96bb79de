"""What a completed message may cost in calls to AWS."""

from collections import Counter

import pytest

from bench.rows import OURS, Row
from bench.throughput.measure import Totals, rows

MESSAGES = 10
WITHIN = {
    "dynamodb:UpdateItem ledger": 2 * MESSAGES,
    "dynamodb:GetItem circuit": 1,
    "dynamodb:DescribeTable ledger": 1,
    "sns:Publish": MESSAGES,
}


def judged(calls: dict[str, int]) -> Row:
    found = Totals(messages=MESSAGES, seconds=1, cpu=1, calls=Counter(calls))
    told = rows({OURS: found, "Powertools": found})
    return next(row for row in told if row.what == "AWS calls per completed message")


def test_two_ledger_calls_and_one_publish_keep_the_mark_whatever_is_read_now_and_then() -> None:
    assert judged(WITHIN).held


@pytest.mark.parametrize(
    "call",
    [
        "dynamodb:UpdateItem ledger",
        "dynamodb:PutItem ledger",
        "dynamodb:GetItem ledger",
        "sns:Publish",
        "sns:PublishBatch",
    ],
)
def test_one_call_more_misses_it_by_whatever_operation(call: str) -> None:
    assert not judged({**WITHIN, call: WITHIN.get(call, 0) + 1}).held


def test_messages_handed_back_are_no_measurement() -> None:
    found = Totals(messages=MESSAGES, failed=1)
    (row,) = rows({OURS: found})
    assert row.held is False
