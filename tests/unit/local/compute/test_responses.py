import pytest

from local.compute.responses import failed_messages

SENT = frozenset({"a", "b"})


@pytest.mark.parametrize(
    "answer",
    ["", "null", "{}", '{"batchItemFailures": null}', '{"batchItemFailures": []}', '{"other": 1}'],
)
def test_nothing_named_means_that_all_went_well(answer: str) -> None:
    assert failed_messages(answer.encode(), SENT) == set()


def test_what_is_named_comes_back() -> None:
    answer = b'{"batchItemFailures": [{"itemIdentifier": "b"}]}'

    assert failed_messages(answer, SENT) == {"b"}


@pytest.mark.parametrize(
    "answer",
    [
        '{"batchItemFailures": [{"itemIdentifier": "unknown"}]}',
        '{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "unknown"}]}',
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '{"batchItemFailures": [{"itemIdentifier": null}]}',
        '{"batchItemFailures": [{"itemIdentifier": 7}]}',
        '{"batchItemFailures": [{"wrong": "a"}]}',
        '{"batchItemFailures": ["a"]}',
        '{"batchItemFailures": "a"}',
        '"a string"',
        "[]",
        "no json",
    ],
)
def test_what_is_malformed_fails_the_whole_batch(answer: str) -> None:
    assert failed_messages(answer.encode(), SENT) == SENT
