"""Applies the configured controls to a graph."""

import datetime as dt
from collections.abc import Iterable, Iterator

from policy.control import Control, Level, Undecided, Violation
from policy.graph import Graph
from policy.judge import judge
from policy.patterns import like
from policy.report import Finding, Judged, Kind, Report
from policy.resource import Resource
from policy.settings import ControlSettings, Exemption, Settings


def check(graph: Graph, controls: Iterable[Control], settings: Settings, today: dt.date) -> Report:
    """Runs every control that is on; `today` decides which exemptions are still in force."""
    judged: list[Judged] = []
    off: list[Control] = []
    unused: list[Exemption] = []
    for control in controls:
        chosen = settings.of(control)
        if chosen.level is Level.DISABLED:
            off.append(control)
            continue
        entry = apply(control, graph, chosen, today)
        judged.append(entry)
        unused.extend(unused_exemptions(chosen, entry))
    return Report(
        judged=tuple(judged), off=tuple(off), unused=tuple(unused), resources=len(graph.resources)
    )


def apply(control: Control, graph: Graph, settings: ControlSettings, today: dt.date) -> Judged:
    """Runs one control and settles level and exemption of each of its findings."""
    verdicts = judge(control, graph, settings.parameters)
    findings = [
        *(_violated(control, settings.level, *item) for item in verdicts.violations),
        *(_undecided(control, settings, *item) for item in verdicts.undecided),
        *(_crashed(control, settings.level, *item) for item in verdicts.crashes),
    ]
    return Judged(
        control=control,
        level=settings.level,
        resources=verdicts.judged,
        findings=tuple(_exempted(finding, settings, today) for finding in findings),
    )


def _violated(control: Control, level: Level, resource: Resource, violation: Violation) -> Finding:
    return Finding(
        control=control,
        kind=Kind.VIOLATED,
        level=level,
        urn=resource.urn,
        resource=resource.name,
        path=violation.path,
        found=violation.found,
        wanted=violation.wanted,
    )


def _undecided(
    control: Control, settings: ControlSettings, resource: Resource, undecided: Undecided
) -> Finding:
    return Finding(
        control=control,
        kind=Kind.UNDECIDED,
        level=settings.level if settings.undecided_violates else Level.ADVISORY,
        urn=resource.urn,
        resource=resource.name,
        path=undecided.path,
        found="not known before the resource exists",
        wanted="a value that the first preview knows, or an edge that decides",
    )


def _crashed(control: Control, level: Level, resource: Resource, trouble: str) -> Finding:
    return Finding(
        control=control,
        kind=Kind.CRASHED,
        level=level,
        urn=resource.urn,
        resource=resource.name,
        path="",
        found=f"the control itself broke: {trouble}",
        wanted="a control that judges this resource",
    )


def _exempted(finding: Finding, settings: ControlSettings, today: dt.date) -> Finding:
    if finding.kind is Kind.CRASHED:
        return finding
    covering = [item for item in settings.exemptions if covers(item, finding)]
    if not covering:
        return finding
    latest = max(covering, key=lambda item: item.expires)
    return Finding(
        control=finding.control,
        kind=finding.kind,
        level=finding.level,
        urn=finding.urn,
        resource=finding.resource,
        path=finding.path,
        found=finding.found,
        wanted=finding.wanted,
        exemption=latest,
        expired=latest.expires < today,
    )


def covers(exemption: Exemption, finding: Finding) -> bool:
    """Whether an exemption is about the resource of a finding."""
    pattern = exemption.resource
    return like(finding.resource, pattern) or like(finding.urn, pattern)


def unused_exemptions(settings: ControlSettings, entry: Judged) -> Iterator[Exemption]:
    """The exemptions that cover no finding: they can be deleted."""
    for exemption in settings.exemptions:
        if not any(covers(exemption, finding) for finding in entry.findings):
            yield exemption
