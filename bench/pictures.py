"""Line charts as SVG, small enough to be written by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import count
from math import ceil, floor, log10

Point = tuple[float, float]

STROKES = (
    ("#0b6e99", 2.6, ""),
    ("#c8553d", 1.8, "7 3"),
    ("#8a8d2b", 1.8, "2 3"),
    ("#7a5195", 1.8, "9 3 2 3"),
    ("#444444", 1.8, "4 4"),
)
"""Colour, width and dashes of each line: one under another still shows."""

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 44, 44


def chart(  # noqa: PLR0913 - what a chart is made of
    title: str,
    x_name: str,
    y_name: str,
    lines: Mapping[str, Sequence[Point]],
    *,
    logarithmic: bool = False,
    band: tuple[float, float, str] | None = None,
) -> str:
    """An SVG with one line for each name, the first one uppermost.

    Args:
        title: Above it.
        x_name: Under the horizontal axis.
        y_name: Above the vertical axis.
        lines: Points by name, in the order of x.
        logarithmic: Whether y is drawn by its power of ten; values under 1 are drawn at 1.
        band: A range of x that is shaded, and what it is.
    """
    points = [point for line in lines.values() for point in line]
    most_x = max((x for x, _ in points), default=1.0) or 1.0
    most_y = max(max((y for _, y in points), default=1.0), 1.0)
    scale = _powers(most_y) if logarithmic else _linear(most_y)

    def place(point: Point) -> str:
        return f"{_across(point[0], most_x):.1f},{scale.up(point[1]):.1f}"

    drawn = [
        f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}" points="{" ".join(map(place, line))}"/>'
        for line, (colour, width, dashes) in zip(lines.values(), STROKES, strict=False)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
            'font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
            f'<text x="{LEFT - 6}" y="{TOP - 16}" text-anchor="end">{escape(y_name)}</text>',
            _shaded(*band, most_x) if band else "",
            *scale.lines,
            *_ticks(most_x),
            *reversed(drawn),
            *_legend(lines),
            f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(x_name)}</text>',
            "</svg>",
        ]
    )


def _shaded(begin: float, end: float, name: str, most_x: float) -> str:
    left, right = (_across(min(x, most_x), most_x) for x in (begin, end))
    return (
        f'<rect x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM}" fill="#f3e3df"/>'
        f'<text x="{left:.1f}" y="{TOP - 5}" fill="#a0604f">{escape(name)}</text>'
    )


def _legend(names: Iterable[str]) -> list[str]:
    x = WIDTH - RIGHT + 10
    return [
        f'<line x1="{x}" x2="{x + 26}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" '
        f'stroke-width="{width}" stroke-dasharray="{dashes}"/>'
        f'<text x="{x + 32}" y="{y}" fill="{colour}">{escape(name)}</text>'
        for y, name, (colour, width, dashes) in zip(count(TOP + 14, 18), names, STROKES)
    ]


class _Scale:
    """The vertical axis; `least` is written at its lowest line."""

    def __init__(self, steps: Sequence[float], up: Callable[[float], float], least: str) -> None:
        self.up = up
        names = [least, *(f"{step:,.10g}" for step in steps[1:])]
        self.lines = [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(step):.1f}" y2="{up(step):.1f}" '
            f'stroke="#dddddd"/><text x="{LEFT - 6}" y="{up(step) + 4:.1f}" '
            f'text-anchor="end">{name}</text>'
            for step, name in zip(steps, names, strict=True)
        ]


def _linear(most: float) -> _Scale:
    step = _round(most / 4)
    top = step * ceil(most / step)
    high = HEIGHT - TOP - BOTTOM
    steps = [step * n for n in range(round(top / step) + 1)]
    return _Scale(steps, lambda y: HEIGHT - BOTTOM - high * y / top, "0")


def _powers(most: float) -> _Scale:
    top = max(ceil(log10(most)), 1)
    high = HEIGHT - TOP - BOTTOM
    steps = [10.0**n for n in range(top + 1)]
    return _Scale(steps, lambda y: HEIGHT - BOTTOM - high * log10(max(y, 1.0)) / top, "0 or 1")


def _ticks(most: float) -> list[str]:
    step = _round(most / 6)
    return [
        f'<text x="{_across(step * n, most):.1f}" y="{HEIGHT - BOTTOM + 16}" '
        f'text-anchor="middle">{step * n:,.10g}</text>'
        for n in range(int(most / step) + 1)
    ]


def _across(x: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * x / most


def _round(value: float) -> float:
    """1, 2 or 5 times a power of ten, not below the value."""
    power = 10.0 ** floor(log10(value))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= value)
