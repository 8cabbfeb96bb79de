from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench.__main__ import main
from bench.pictures import chart
from bench.rows import OURS, Row, broken, missed, not_measured
from bench.table import table

HELD = Row(part="p", what="a figure", figures={OURS: "1", "rival": "7"}, mark="1", held=True)
MISSED = Row(part="p", what="another", figures={OURS: "2"}, mark="1", held=False)
TOLD = Row(part="p", what="a third", figures={OURS: "3"})


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (HELD, "held"),
        (MISSED, "MISSED"),
        (TOLD, ""),
        (not_measured("p", "w", "y"), "not measured"),
        (broken("p", "w", "y"), "BROKEN"),
    ],
)
def test_each_row_has_its_verdict(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_only_a_mark_that_does_not_hold_is_a_miss() -> None:
    assert missed([HELD, MISSED, TOLD, not_measured("p", "w", "y")]) == [MISSED]


def test_what_broke_is_a_miss_too() -> None:
    fell = broken("p", "w", "y")

    assert missed([HELD, fell, not_measured("p", "w", "y")]) == [fell]


def test_a_part_that_breaks_ends_the_command_with_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(depth: str, folder: Path) -> list[Row]:
        raise OSError(f"{depth} is too much for {folder.name}")

    monkeypatch.setattr("bench.startup.measure", measure)
    monkeypatch.setattr("sys.argv", ["bench", "--quick", "demo"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".local").mkdir()

    assert main() == 1
    assert "OSError: quick is too much for bench" in capsys.readouterr().out


def test_our_figure_stands_before_the_rivals() -> None:
    head = table([Row(part="p", what="w", figures={"rival": "7", OURS: "1"})]).splitlines()[1]

    assert head.index(OURS) < head.index("rival")


def test_why_nothing_was_measured_is_told() -> None:
    text = table([HELD, not_measured("p", "images", "there is no Docker here")])

    assert "not measured" in text
    assert "there is no Docker here" in text


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_chart_is_an_svg_with_a_line_for_each_name(logarithmic: bool) -> None:
    lines = {"ours": [(0.0, 0.0), (1.0, 5.0)], "a < b": [(0.0, 1.0), (1.0, 90_000.0)]}

    drawn = ET.fromstring(  # noqa: S314 - our own
        chart("t", "s", "calls", lines, logarithmic=logarithmic, band=(0.2, 0.4, "broken"))
    )

    name = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{name}polyline")) == 2
    texts = [text.text for text in drawn.findall(f"{name}text")]
    assert {"a < b", "t", "s", "calls", "broken"} <= set(texts)


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    assert chart("t", "s", "calls", {"ours": []}).startswith("<svg")
