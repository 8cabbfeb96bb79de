"""Texts with wildcards, as IAM reads them."""

import pytest

from policy.patterns import Patterns, collapsed, expression, is_pattern, like


@pytest.mark.parametrize("text", ["sqs:SendMessage", "sqs:Receive*", "sqs:?", "name[1]"])
def test_a_list_holds_what_is_like_one_of_its_texts(text: str) -> None:
    listed = Patterns(["sqs:SendMessage", "sqs:Receive*", "sqs:?", "name[1]"])

    assert text in listed


@pytest.mark.parametrize("text", ["sqs:SendMessageBatch", "sqs:SEND", "sqs:", "name1", ""])
def test_a_list_holds_nothing_else(text: str) -> None:
    listed = Patterns(["sqs:SendMessage", "sqs:Receive*", "sqs:?", "name[1]"])

    assert text not in listed


def test_an_empty_list_holds_nothing() -> None:
    assert "sqs:SendMessage" not in Patterns([])


@pytest.mark.parametrize(
    ("pattern", "same"), [("**", "*"), ("?*", "*"), ("a?*?b", "a*b"), ("a?b", "a?b"), ("a", "a")]
)
def test_a_run_of_wildcards_is_one(pattern: str, same: str) -> None:
    assert collapsed(pattern) == same


@pytest.mark.parametrize(("text", "wild"), [("a*", True), ("a?", True), ("a", False)])
def test_a_text_with_a_wildcard_is_a_pattern(text: str, *, wild: bool) -> None:
    assert is_pattern(text) is wild


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("fn:[$LATEST]", "fn:[$LATEST]"), ("log/[$LATEST]ab", "log/[$LATEST]*"), ("[a]x", "[a]?")],
)
def test_a_bracket_is_a_bracket(text: str, pattern: str) -> None:
    assert like(text, pattern)
    assert expression(pattern).match(text)


@pytest.mark.parametrize(("text", "pattern"), [("ledger", "led[g]er*"), ("a", "[!b]"), ("b", "a*")])
def test_what_a_set_of_a_shell_would_take_is_not_like_it(text: str, pattern: str) -> None:
    assert not like(text, pattern)
    assert not expression(pattern).match(text)
