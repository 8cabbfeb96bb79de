import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from policy.control import Context, Judgement, Level
from policy.controls import catalogue
from policy.report import Kind, Report
from policy.resource import Resource
from policy.run import check
from policy.settings import SettingsError, load
from tests.policy.sound.edits import Edit, given, unknown
from tests.policy.sound.program import sound

TODAY = dt.date(2026, 11, 24)
BARE = given("pay", kmsMasterKeyId=None)
EXEMPTION = {
    "resource": "pay",
    "reason": "holds public notices only, nothing of customers",
    "owner": "payments",
    "expires": "2026-12-31",
}


def run(config: dict[str, Any], *edits: Edit) -> Report:
    return check(sound(*edits), catalogue(), load(config, catalogue()), TODAY)


def found(report: Report, control: str) -> list[Kind]:
    return [item.kind for item in report.findings() if item.control.id == control]


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"all": "disabled"}, "switch the whole pack off"),
        ({"sqs-encrypted-x": "advisory"}, "no such control"),
        ({"remedy-sqs-tls-only": "remediate"}, "no such remedy"),
        ({"remedy-sqs-encrypted": "loud"}, "expected one of advisory"),
        ({"remedy-sqs-tagged": {"tagz": []}}, "no such setting"),
        ({"sqs-encrypted": "loud"}, "expected one of advisory"),
        ({"sqs-retention": {"dayz": 3}}, "no such setting"),
        ({"sqs-retention": {"days": 0}}, "at least 1"),
        ({"sqs-retention": {"days": "3"}}, "expected number"),
        ({"sqs-encrypted": {"exemptions": [{**EXEMPTION, "reason": "because"}]}}, "at least 20"),
        ({"sqs-encrypted": {"exemptions": [{**EXEMPTION, "expires": "2026-13-01"}]}}, "expires"),
        ({"sqs-encrypted": {"exemptions": [{**EXEMPTION, "resource": "***"}]}}, "resource"),
        ({"sqs-encrypted": {"exemptions": [{"resource": "pay"}]}}, "reason is missing"),
        ({"sqs-encrypted": 3}, "expected a level or an object"),
        ({"sqs-cross-account": {"accounts": ["1"]}}, "expected text like"),
    ],
)
def test_a_wrong_configuration_is_refused(config: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        load(config, catalogue())


def test_what_the_engine_is_told_of_remedies_may_stand_in_the_same_file() -> None:
    remedy = {"enforcementLevel": "remediate", "values": {"Project": "shop"}}
    config = {"remedy-sqs-encrypted": "remediate", "remedy-sqs-tagged": remedy}

    assert found(run(config, BARE), "sqs-encrypted") == [Kind.VIOLATED]


def test_switching_every_control_off_by_name_is_refused() -> None:
    config = {control.id: "disabled" for control in catalogue()}
    with pytest.raises(SettingsError, match="every control is disabled"):
        load(config, catalogue())


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"nothing": "advisory", "sqs-retention": {"days": 99}}, catalogue())
    assert len(caught.value.problems) == 2


def test_an_exemption_in_force_takes_the_violation_out_of_the_count() -> None:
    report = run({"sqs-encrypted": {"exemptions": [EXEMPTION]}}, BARE)
    assert not found(report, "sqs-encrypted")
    assert [item.control.id for item in report.exempted()] == ["sqs-encrypted"]


def test_an_expired_exemption_violates() -> None:
    entry = {**EXEMPTION, "expires": "2026-11-23"}
    report = run({"sqs-encrypted": {"exemptions": [entry]}}, BARE)
    assert found(report, "sqs-encrypted") == [Kind.VIOLATED]
    assert any(item.expired for item in report.findings())


def test_an_exemption_is_in_force_on_its_last_day() -> None:
    entry = {**EXEMPTION, "expires": TODAY.isoformat()}
    assert not found(run({"sqs-encrypted": {"exemptions": [entry]}}, BARE), "sqs-encrypted")


def test_an_unused_exemption_is_reported() -> None:
    report = run({"sqs-encrypted": {"exemptions": [EXEMPTION]}})
    assert [item.owner for item in report.unused] == ["payments"]


def test_an_exemption_covers_its_control_alone() -> None:
    report = run({"sqs-encrypted": {"exemptions": [EXEMPTION]}}, BARE)
    assert found(report, "sqs-customer-key") == [Kind.VIOLATED]


def test_undecided_on_a_mandatory_control_fails_the_run() -> None:
    report = run({}, unknown("pay", "messageRetentionSeconds"))
    assert Kind.UNDECIDED in found(report, "sqs-retention")
    assert report.failed


def test_undecided_can_be_made_an_advice() -> None:
    config = {
        name: {"undecided": "advisory"} for name in ("sqs-retention", "sqs-dead-letter-retention")
    }
    report = run(config, unknown("pay", "messageRetentionSeconds"))
    assert Kind.UNDECIDED in found(report, "sqs-retention")
    assert not report.failed


def test_an_advisory_violation_does_not_fail_the_run() -> None:
    config: dict[str, Any] = {"sqs-encrypted": "advisory", "sqs-customer-key": "advisory"}
    report = run(config, BARE)
    assert found(report, "sqs-encrypted") == [Kind.VIOLATED]
    assert not report.failed


def test_a_parameter_changes_the_verdict() -> None:
    shorter = given("pay", messageRetentionSeconds=4 * 86_400)
    assert not found(run({}, shorter), "sqs-retention")
    assert found(run({"sqs-retention": {"days": 5}}, shorter), "sqs-retention")


def test_a_general_level_leaves_what_is_off_alone() -> None:
    settings = load({"all": "advisory"}, catalogue())
    for control in catalogue():
        wanted = Level.DISABLED if control.level is Level.DISABLED else Level.ADVISORY
        assert settings.of(control).level is wanted


def test_a_control_that_breaks_is_named_and_ends_nothing() -> None:
    original = next(control for control in catalogue() if control.id == "sqs-encrypted")

    def broken(resource: Resource, _context: Context) -> Judgement:
        raise KeyError(resource.name)
        yield  # a check is a generator

    controls = [replace(original, check=broken), *catalogue()[-5:]]
    report = check(sound(), controls, load({}, catalogue()), TODAY)
    assert {item.control.id for item in report.findings(Kind.CRASHED)} == {"sqs-encrypted"}
    assert "KeyError" in next(report.findings(Kind.CRASHED)).found
    assert len(report.judged) == len(controls)
    assert report.failed


def test_one_unknown_value_does_not_hide_its_neighbours() -> None:
    edits = (unknown("dlq", "messageRetentionSeconds"), given("pay", messageRetentionSeconds=60))
    assert set(found(run({}, *edits), "sqs-retention")) == {Kind.VIOLATED, Kind.UNDECIDED}
