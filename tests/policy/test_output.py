import datetime as dt
import json
from pathlib import Path

import pytest

from local import policy_check
from policy import readme
from policy.command import HELD, REFUSED, VIOLATED
from policy.control import Level
from policy.controls import catalogue
from policy.output.machine import as_json, as_sarif
from policy.output.text import render
from policy.report import KNOWN, Report
from policy.run import check
from policy.settings import load
from tests.policy.cases import CONTROLS
from tests.policy.sound.edits import given, unknown
from tests.policy.sound.program import sound


@pytest.fixture
def report() -> Report:
    graph = sound(given("pay", kmsMasterKeyId=None))
    return check(graph, catalogue(), load({}, catalogue()), dt.date(2026, 11, 24))


def test_the_text_says_resource_value_wish_fix_and_source(report: Report) -> None:
    text = render(report)
    for expected in (
        "sqs-encrypted  [mandatory, high]",
        "violated: pay.kmsMasterKeyId",
        "found:  neither a KMS key",
        "wanted: kmsMasterKeyId",
        "fix:    Name a key",
        "source: FSBP SQS.1",
    ):
        assert expected in text
    assert "2 violated, 0 undecided, 0 crashed" in text


def test_one_unknown_value_is_told_once_with_every_control_that_it_leaves_open() -> None:
    graph = sound(unknown("pay-policy", "policy"))
    text = render(check(graph, catalogue(), load({}, catalogue()), dt.date(2026, 11, 24)))
    assert text.count("undecided: pay-policy.policy") == 1
    line = next(line for line in text.splitlines() if "sqs-tls-only" in line)
    assert "sqs-not-public" in line
    assert KNOWN in text


def test_the_json_counts_what_the_text_counts(report: Report) -> None:
    content = json.loads(as_json(report))
    assert content["failed"]
    assert content["counts"] == {"violated": 2, "undecided": 0, "crashed": 0}
    assert {item["id"] for item in content["off"]} == {
        control.id for control in catalogue() if control.level is Level.DISABLED
    }


def test_the_sarif_names_rule_resource_and_place(report: Report) -> None:
    run = json.loads(as_sarif(report, "__main__.py", "dev"))["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= rules
    result = next(item for item in run["results"] if item["ruleId"] == "sqs-encrypted")
    assert result["level"] == "error"
    place = result["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "__main__.py"
    assert place["logicalLocations"][0]["fullyQualifiedName"].endswith("::pay")


def test_the_reports_of_two_stacks_have_two_categories(tmp_path: Path) -> None:
    """One upload with two runs of one category is refused by code scanning."""
    found: list[str] = []
    for stack in ("dev", "prod"):
        output = tmp_path / stack
        policy_check.main([stack, "--format", "sarif", "--output", str(output)])
        (run,) = json.loads(output.read_text())["runs"]
        found.append(run["automationDetails"]["id"])
    assert found == ["policy/dev/", "policy/prod/"]


def test_the_exit_codes_differ() -> None:
    assert len({HELD, VIOLATED, REFUSED}) == 3


def test_the_readme_has_the_table_of_the_present_controls() -> None:
    text = readme.README.read_text()
    assert readme.written(text) == text, "run: make documents"


def test_there_are_at_least_sixty_controls_with_text_and_source() -> None:
    assert len(CONTROLS) >= 60
    for control in catalogue():
        assert all((control.title, control.why, control.fix, control.sources)), control.id


def test_a_mandatory_control_reads_what_it_judges() -> None:
    for control in catalogue():
        assert control.reads, control.id
