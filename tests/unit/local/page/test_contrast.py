"""The page's colours can be read by day and by night.

https://www.w3.org/TR/WCAG22/#contrast-minimum, #non-text-contrast
"""

import re
from pathlib import Path

import pytest

from local.page.server import HTML

TEXT, EDGE = 4.5, 3.0
GROUNDS = ("card", "paper")


def palettes(page: Path = HTML) -> list[dict[str, str]]:
    roots = re.findall(r":root \{(.*?)\}", page.read_text(), re.DOTALL)
    return [dict(re.findall(r"--(\w+): (#\w+)", root)) for root in roots]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_every_colour_stands_out_from_what_it_is_drawn_on(palette: dict[str, str]) -> None:
    for name in set(palette) - {*GROUNDS, "line"}:
        least = EDGE if name == "edge" else TEXT
        for ground in GROUNDS:
            assert contrast(palette[name], palette[ground]) >= least, (name, ground)
