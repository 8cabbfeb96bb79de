"""The table of alarms on the operations page, against those that the program makes."""

import re

from tests.unit.components.harness import SERVICES, graph
from tests.unit.docs.pages import ROOT

ROW = re.compile(
    r"^\| ((?:`[^`]+`(?:, )?)+) \| .* \| \[[^\]]+\]\(troubleshooting\.md#([\w-]+)\) \|$"
)


def listed() -> dict[str, str]:
    """The section of the guide for each alarm of the table, by its name without the prefix."""
    found: dict[str, str] = {}
    for line in (ROOT / "docs/operations.md").read_text().splitlines():
        row = ROW.match(line)
        for name in re.findall(r"`([^`]+)`", row[1]) if row else ():
            for service in SERVICES if "{service}" in name else ("",):
                found[name.replace("{service}", service)] = row[2] if row else ""
    return found


def made() -> dict[str, str]:
    """The section that each alarm's own description names."""
    prefix = "utility-customer-system-prod-"
    return {
        alarm.inputs["name"].removeprefix(prefix): alarm.inputs["alarmDescription"].rpartition("#")[
            2
        ]
        for alarm in graph("prod").all("MetricAlarm")
    }


def test_the_table_has_every_alarm_with_the_section_that_it_names_itself() -> None:
    assert listed() == made()
