"""Line charts as SVG, small enough to be written by hand."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

Point = tuple[float, float]

COLOURS = ("#0b6e99", "#c8553d", "#8a8d2b", "#7a5195", "#444444")
WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 36, 44


def chart(  # noqa: PLR0913 - what a chart is made of
    title: str,
    x_name: str,
    y_name: str,
    lines: Mapping[str, Sequence[Point]],
    *,
    logarithmic: bool = False,
    band: tuple[float, float] | None = None,
) -> str:
    """An SVG with one line for each name.

    Args:
        title: Above it.
        x_name: Under the horizontal axis.
        y_name: Left of the title.
        lines: Points by name, in the order of x.
        logarithmic: Whether y is drawn by its power of ten; values under 1 are drawn at 1.
        band: A range of x that is shaded: the outage.
    """
    points = [point for line in lines.values() for point in line]
    most_x = max((x for x, _ in points), default=1.0) or 1.0
    most_y = max(max((y for _, y in points), default=1.0), 1.0)
    scale = _powers(most_y) if logarithmic else _linear(most_y)

    def place(point: Point) -> str:
        return f"{_across(point[0], most_x):.1f},{scale.up(point[1]):.1f}"

    shaded = ""
    if band is not None:
        left, right = (_across(min(x, most_x), most_x) for x in band)
        shaded = (
            f'<rect x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" '
            f'height="{HEIGHT - TOP - BOTTOM}" fill="#f3e3df"/>'
        )
    drawn = [
        f'<polyline fill="none" stroke="{colour}" stroke-width="1.8" '
        f'points="{" ".join(map(place, line))}"/>'
        f'<text x="{WIDTH - RIGHT + 10}" y="{TOP + 14 + 18 * n}" fill="{colour}">'
        f"{escape(name)}</text>"
        for n, ((name, line), colour) in enumerate(zip(lines.items(), COLOURS, strict=False))
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
            'font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            shaded,
            f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}: {escape(y_name)}</text>',
            *scale.lines,
            *_ticks(most_x),
            *drawn,
            f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(x_name)}</text>',
            "</svg>",
        ]
    )


class _Scale:
    """The vertical axis."""

    def __init__(self, steps: Sequence[float], up: Callable[[float], float]) -> None:
        self.up = up
        self.lines = [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(step):.1f}" y2="{up(step):.1f}" '
            f'stroke="#dddddd"/><text x="{LEFT - 6}" y="{up(step) + 4:.1f}" '
            f'text-anchor="end">{step:,.10g}</text>'
            for step in steps
        ]


def _linear(most: float) -> _Scale:
    step = _round(most / 4)
    top = step * ceil(most / step)
    high = HEIGHT - TOP - BOTTOM
    steps = [step * n for n in range(round(top / step) + 1)]
    return _Scale(steps, lambda y: HEIGHT - BOTTOM - high * y / top)


def _powers(most: float) -> _Scale:
    top = max(ceil(log10(most)), 1)
    high = HEIGHT - TOP - BOTTOM
    steps = [10.0**n for n in range(top + 1)]
    return _Scale(steps, lambda y: HEIGHT - BOTTOM - high * log10(max(y, 1.0)) / top)


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
