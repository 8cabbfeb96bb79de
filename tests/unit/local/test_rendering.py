"""The picture of the dashboard, drawn from a pretended CloudWatch."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

from local.access import Access
from local.rendering import main, rendered

ARN = "arn:aws:cloudwatch:us-east-2:123456789012:alarm:utility-customer-system-local-p-circuit"
STRIP = {
    "type": "alarm",
    "x": 0,
    "y": 0,
    "width": 24,
    "height": 2,
    "properties": {"title": "Alarms that fire", "alarms": [ARN]},
}
WIDGET = {
    "type": "metric",
    "x": 0,
    "y": 0,
    "width": 12,
    "height": 6,
    "properties": {
        "title": "payments: a < b",
        "stat": "Sum",
        "metrics": [
            ["Ours", "Completed", "service", "p"],
            ["Ours", "Rejected", "service", "p", {"label": "no"}],
        ],
    },
}


class Metrics:
    def get_dashboard(self, **_: object) -> dict[str, str]:
        return {"DashboardBody": json.dumps({"widgets": [STRIP, WIDGET]})}

    def get_paginator(self, operation: str) -> SimpleNamespace:
        assert operation == "describe_alarms"
        page = {"MetricAlarms": [{"AlarmName": ARN.rpartition(":")[2], "AlarmArn": ARN}]}

        def paginate(**asked: str) -> list[dict[str, Any]]:
            assert asked == {"StateValue": "ALARM"}
            return [page]

        return SimpleNamespace(paginate=paginate)

    def get_metric_data(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own
        assert [q["MetricStat"]["Stat"] for q in asked["MetricDataQueries"]] == ["Sum", "Sum"]
        now = datetime.now(UTC)
        found = {"Timestamps": [now, now], "Values": [1500.0, 2.0]}
        return {"MetricDataResults": [found, {"Timestamps": [], "Values": []}]}


def test_each_widget_has_its_title_its_lines_and_says_where_there_is_no_data() -> None:
    access = cast(Access, SimpleNamespace(metrics=Metrics()))
    drawn = ET.fromstring(rendered(access, 1))  # noqa: S314 - the text is ours
    texts = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert {"payments", "a < b", "Completed: 1,500", "no: no data"} <= texts
    assert any("not CloudWatch's" in (text or "") for text in texts)


def test_the_strip_names_the_alarms_that_fire() -> None:
    access = cast(Access, SimpleNamespace(metrics=Metrics()))
    assert "p-circuit" in rendered(access, 1)


def test_without_a_system_there_is_no_picture_and_it_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.svg"
    monkeypatch.setattr(sys, "argv", ["rendering", str(out), "--directory", str(tmp_path)])
    assert main() == 1
    assert "make up" in capsys.readouterr().err
    assert not out.exists()
