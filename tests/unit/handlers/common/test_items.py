"""Plain values as DynamoDB keeps them, and back."""

import pytest

from handlers.common.items import Value, from_item, to_attribute, to_item


@pytest.mark.parametrize(
    "value", ["text", "", 7, -1, 1.5, 1_700_000_000.123457, True, False, frozenset({"a", "b"})]
)
def test_what_was_written_is_read_as_it_was(value: Value) -> None:
    read = from_item(to_item({"key": value}))["key"]

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("absent", [None, frozenset[str]()])
def test_what_is_not_there_is_left_out(absent: Value) -> None:
    """DynamoDB refuses an empty set."""
    assert to_item({"key": "a", "absent": absent}) == {"key": {"S": "a"}}


def test_a_moment_is_kept_to_the_microsecond() -> None:
    assert to_attribute(1_700_000_000.123_456_7) == {"N": "1700000000.123457"}


def test_what_somebody_else_wrote_as_null_is_none() -> None:
    assert from_item({"key": {"NULL": True}}) == {"key": None}


def test_a_number_that_somebody_else_wrote_with_an_exponent_is_one() -> None:
    assert from_item({"key": {"N": "1e3"}}) == {"key": 1000.0}
