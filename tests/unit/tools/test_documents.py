"""The generated parts of the documentation."""

from pathlib import Path

import pytest

from tools import documents
from tools.documented_circuit import state_table
from tools.documents import PARTS, pages, rendered


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.name)
def test_every_generated_part_is_current(page: Path) -> None:
    assert rendered(page.read_text()) == page.read_text(), "run: make documents"


def test_every_part_stands_on_a_page() -> None:
    text = "".join(page.read_text() for page in pages())
    assert not [part for part in PARTS if f"<!-- generated: {part} -->" not in text]


def test_a_part_that_is_not_current_is_made_anew() -> None:
    page = "a\n<!-- generated: state-table -->\nold\n<!-- end -->\nb\n"
    begin, end = "a\n<!-- generated: state-table -->\n", "\n<!-- end -->\nb\n"
    assert rendered(page) == f"{begin}{state_table()}{end}"


def test_only_pages_that_are_not_current_are_written_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    old, current = tmp_path / "docs/old.md", tmp_path / "docs/current.md"
    old.write_text("<!-- generated: state-table -->\nold\n<!-- end -->\n")
    current.write_text(rendered(old.read_text()))
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    assert documents.main() == 0
    assert capsys.readouterr().out == "docs/old.md\n"
    assert old.read_text() == current.read_text()
