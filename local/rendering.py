"""The running local system's dashboard as a picture: `python -m local.rendering OUT.svg`.

Our own rendering: the widgets are those of the dashboard's definition, the data the embedded AWS's
metrics of the last minutes. CloudWatch's own looks differently.
"""

import argparse
import html
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.access import Access
from local.errors import LocalError
from local.project import PREFIX, UP
from local.supervisor import find

COLUMN, UNIT = 60, 34
"""Pixels of one of the 24 columns, and of one unit of height."""

FONT = 'font-family="sans-serif" font-size="11"'
THOUSAND = 1000
LABEL = "Our own rendering of the embedded AWS's metrics, not CloudWatch's."
COLOURS = ("#2456c8", "#b3261e", "#1b7f4b", "#9a6200", "#7a3aa8")
FINE = 5
"""Seconds of one point: a demo is over in a minute."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line of a widget: points of Unix time and value."""

    label: str
    points: Sequence[tuple[float, float]]


def rendered(access: Access, minutes: float) -> str:
    """The dashboard as one SVG document of the last minutes."""
    end = time.time()
    start = end - minutes * 60
    body = access.metrics.get_dashboard(DashboardName=PREFIX)["DashboardBody"]
    widgets: list[dict[str, Any]] = json.loads(body)["widgets"]
    height = max(w["y"] + w["height"] for w in widgets) * UNIT + 40
    said = f"{PREFIX}, last {minutes:g} minutes. {LABEL}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{24 * COLUMN}" height="{height}" {FONT}>',
        '<rect width="100%" height="100%" fill="#f5f6f8"/>',
        f'<text x="12" y="24" font-size="15">{html.escape(said)}</text>',
    ]
    for widget in widgets:
        if widget["type"] == "alarm":
            parts.append(_strip(widget, _firing(access, widget["properties"]["alarms"])))
        else:
            series = _series(access, widget["properties"], start, end)
            parts.append(_panel(widget, series, (start, end)))
    return "".join([*parts, "</svg>"])


def _series(
    access: Access, properties: Mapping[str, Any], start: float, end: float
) -> list[Series]:
    queries: list[Any] = []
    for number, listed in enumerate(properties["metrics"]):
        namespace, metric, *pairs = (part for part in listed if isinstance(part, str))
        dimensions = [{"Name": n, "Value": v} for n, v in zip(pairs[::2], pairs[1::2], strict=True)]
        measured = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
        stat = {"Metric": measured, "Period": FINE, "Stat": properties["stat"]}
        queries.append({"Id": f"m{number}", "MetricStat": stat})
    answer = access.metrics.get_metric_data(
        MetricDataQueries=queries,
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
    )
    labels = _labels(properties["metrics"])
    return [
        Series(
            label=label,
            points=sorted(
                (at.timestamp(), value)
                for at, value in zip(
                    result.get("Timestamps", []), result.get("Values", []), strict=True
                )
            ),
        )
        for label, result in zip(labels, answer["MetricDataResults"], strict=True)
    ]


def _labels(metrics: Sequence[Sequence[Any]]) -> list[str]:
    """A line's own label, else the metric's name."""
    return [m[-1]["label"] if isinstance(m[-1], dict) else str(m[1]) for m in metrics]


def _firing(access: Access, arns: Sequence[str]) -> list[str]:
    pages = access.metrics.get_paginator("describe_alarms").paginate(StateValue="ALARM")
    return [
        alarm.get("AlarmName", "").removeprefix(f"{PREFIX}-")
        for page in pages
        for alarm in page["MetricAlarms"]
        if alarm.get("AlarmArn") in arns
    ]


def _frame(widget: Mapping[str, Any]) -> tuple[str, int, int]:
    """A widget's box in its place; its width and height."""
    x, y = widget["x"] * COLUMN + 6, widget["y"] * UNIT + 42
    width, height = widget["width"] * COLUMN - 12, widget["height"] * UNIT - 12
    box = f'<rect width="{width}" height="{height}" rx="6" fill="#fff" stroke="#c9d0da"/>'
    return f'<g transform="translate({x},{y})">{box}', width, height


def _strip(widget: Mapping[str, Any], firing: Sequence[str]) -> str:
    frame, _, _ = _frame(widget)
    colour = COLOURS[1] if firing else COLOURS[2]
    return (
        f'{frame}<text x="8" y="20" font-weight="600">{widget["properties"]["title"]}</text>'
        f'<text x="8" y="40" font-size="13" fill="{colour}">'
        f"{html.escape(', '.join(firing) or 'none')}</text></g>"
    )


def _panel(widget: Mapping[str, Any], series: Sequence[Series], span: tuple[float, float]) -> str:
    frame, width, height = _frame(widget)
    service, _, title = str(widget["properties"]["title"]).rpartition(": ")
    top, bottom = 52, height - 14 * len(series) - 10
    most = max((value for one in series for _, value in one.points), default=0) or 1
    parts = [
        frame,
        f'<text x="8" y="17" fill="#5b6675">{html.escape(service)}</text>',
        f'<text x="8" y="32" font-weight="600">{html.escape(title)}</text>',
        f'<text x="{width - 8}" y="48" text-anchor="end" fill="#5b6675">{_number(most)}</text>',
        f'<line x1="8" x2="{width - 8}" y1="{bottom}" y2="{bottom}" stroke="#c9d0da"/>',
    ]

    def place(at: float, value: float) -> tuple[float, float]:
        share = (at - span[0]) / (span[1] - span[0])
        return 8 + share * (width - 16), bottom - value / most * (bottom - top)

    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_line([place(*point) for point in one.points], colour))
        newest = _number(one.points[-1][1]) if one.points else "no data"
        parts.append(
            f'<text x="8" y="{bottom + 14 * (number + 1)}" fill="{colour}">'
            f"{html.escape(one.label)}: {newest}</text>"
        )
    return "".join([*parts, "</g>"])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.4g}"


def _line(places: Iterable[tuple[float, float]], colour: str) -> str:
    points = list(places)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8"/>' for x, y in points)
    line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    return f'{line}<g fill="{colour}">{dots}</g>'


def main() -> int:
    """Write the picture; a browser turns it into pixels."""
    parser = argparse.ArgumentParser(prog="python -m local.rendering", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--directory", type=Path, default=UP, help="of the local system")
    parser.add_argument("--minutes", type=float, default=2.0)
    arguments = parser.parse_args()
    try:
        access = find(arguments.directory).access()
        arguments.out.write_text(rendered(access, arguments.minutes))
    except (LocalError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
