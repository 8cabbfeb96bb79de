"""What one changed line may change of an image."""

import pytest

from bench.image import GUIDE, Built, rows
from bench.rows import OURS, Row
from local.containers.images import Start

ABOVE = [False, False, True]
"""Of three layers, the newest is the only one that changed."""


def built(changed: list[bool], newest: int) -> Built:
    return Built(
        over_base=1_000_000,
        start=Start(whole=1.0, function=0.5),
        changed=changed,
        newest=newest,
    )


def judged(ours: Built) -> Row:
    """Beside a guide's image that would miss the mark."""
    guides = built([True, True, True], 900_000)
    (row,) = [each for each in rows({OURS: ours, GUIDE: guides}, 1) if each.mark]
    return row


@pytest.mark.parametrize(("newest", "held"), [(99_999, True), (100_000, False)])
def test_a_line_changes_less_than_a_hundred_thousand_bytes(newest: int, *, held: bool) -> None:
    assert judged(built(ABOVE, newest)).held is held


@pytest.mark.parametrize(
    "changed",
    [[False, True, True], [True, False, True], [False, True, False], [False, False, False]],
    ids=["the one below too", "the base too", "only the one below", "none"],
)
def test_a_line_that_changes_any_layer_but_the_newest_misses_the_mark(changed: list[bool]) -> None:
    assert judged(built(changed, 99_999)).held is False
