import json

import pytest

from local.insights import NoQueryError, answer

LINES = [
    (2, json.dumps({"event": "completed", "customer_id": "c-1", "n": 1})),
    (1, json.dumps({"event": "rejected", "customer_id": "c-10"})),
    (3, "START RequestId"),
    (4, json.dumps({"level": "INFO", "customer_id": "c-1"})),
]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (
            'fields @timestamp, event\n| filter ispresent(event) and customer_id = "c-1"',
            [{"@timestamp": 2, "event": "completed"}],
        ),
        (
            'fields event\n| filter event in ["rejected", "completed"]\n| sort @timestamp asc',
            [{"event": "rejected"}, {"event": "completed"}],
        ),
        (
            "fields @timestamp\n| sort @timestamp desc\n| limit 2",
            [{"@timestamp": 4}, {"@timestamp": 2}],
        ),
        ('fields n\n| filter customer_id = "c-"', []),
    ],
)
def test_a_query_gives_the_rows_that_meet_it(query: str, rows: list[object]) -> None:
    assert answer(query, LINES) == rows


@pytest.mark.parametrize("stage", ["stats count(*)", "filter n > 1", "filter a = 'x'", "parse @x"])
def test_what_is_not_understood_is_refused_and_not_passed_over(stage: str) -> None:
    with pytest.raises(NoQueryError):
        answer(f"fields n\n| {stage}", LINES)
