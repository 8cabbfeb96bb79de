"""What one worker asks of AWS, counted at a real run: no time decides it."""

from pathlib import Path

import pytest

from bench.rows import Row
from bench.throughput.measure import measure


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    folder: Path = tmp_path_factory.mktemp("bench")
    return {row.what: row for row in measure("quick", folder)}


@pytest.mark.parametrize(
    "what",
    ["AWS calls per completed message", "a million transactions, dollars by AWS's price list"],
)
def test_calls_and_cost_are_within_their_marks(rows: dict[str, Row], what: str) -> None:
    assert rows[what].held, rows[what]
