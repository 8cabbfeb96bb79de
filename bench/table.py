"""Rows as a table for a terminal."""

from collections.abc import Iterable, Sequence

from bench.rows import OURS, Row

WIDEST = 46
"""Characters of a column, above which a cell is broken into lines."""


def table(rows: Iterable[Row]) -> str:
    """The rows, part by part, with a column for each system that has a figure in the part."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    return "\n\n".join(f"{part}\n{_part(found)}" for part, found in parts.items())


def _part(rows: Sequence[Row]) -> str:
    systems = list(dict.fromkeys(name for row in rows for name in row.figures))
    systems.sort(key=lambda name: name != OURS)
    lines = [["", *systems, "mark", ""]]
    for row in rows:
        figures = [row.figures.get(name, "") for name in systems]
        lines.append([row.what, *figures, row.mark, row.verdict])
        if row.note:
            lines.append([f"  {row.note}", *[""] * (len(systems) + 2)])
    return grid(lines)


def grid(lines: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they have to be; long cells go on below."""
    broken = [[_broken(cell) for cell in line] for line in lines]
    columns = range(max(map(len, broken)))
    widths = [max(len(text) for line in broken for text in line[n]) for n in columns]
    printed: list[str] = []
    for line in broken:
        for n in range(max(map(len, line))):
            cells = [cell[n] if n < len(cell) else "" for cell in line]
            texts = [text.ljust(width) for text, width in zip(cells, widths, strict=True)]
            printed.append("  ".join(texts).rstrip())
    return "\n".join(printed)


def _broken(cell: str) -> list[str]:
    lines = [""]
    for word in cell.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if len(joined) <= WIDEST or not lines[-1].strip():
            lines[-1] = joined
        else:
            lines.append(f"  {word}" if cell.startswith("  ") else word)
    return lines
