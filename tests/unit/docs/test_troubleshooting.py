"""What the guide says that a command says, against what the commands say."""

import re

import pytest

from tests.unit.docs.pages import ROOT

GUIDE = (ROOT / "docs" / "troubleshooting.md").read_text()
TOLD = re.findall(r"^\| `([^`]+)` \|", GUIDE.partition("## On this machine")[2], re.MULTILINE)
SOURCES = "".join(
    path.read_text() for path in (ROOT / "Makefile", *sorted((ROOT / "local").rglob("*.py")))
)


def test_the_guide_tells_of_messages() -> None:
    assert len(TOLD) > 2


@pytest.mark.parametrize("message", TOLD)
def test_a_message_that_the_guide_quotes_is_one_that_is_said(message: str) -> None:
    """`…` stands for what differs."""
    assert [words for words in message.split("…") if words not in SOURCES] == []
