"""The report for people: by control, worst first; what is not known, by the value."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from policy.control import Level, Severity
from policy.report import KNOWN, Finding, Judged, Kind, Report
from policy.values import brief

_ORDER = tuple(Severity)


def render(report: Report) -> str:
    """The whole report as text."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    for entry in sorted(report.judged, key=_rank):
        if found := [item for item in entry.findings if _about_control(item)]:
            yield from _control(entry, found)
    yield from _not_known(report)
    for finding in report.exempted():
        if finding.exemption is not None:
            yield (
                f"exempt  {finding.control.id}  {finding.resource}: {finding.exemption.reason}"
                f" ({finding.exemption.owner}, until {finding.exemption.expires})"
            )
    for exemption in report.unused:
        yield f"unused exemption  {exemption.control}  {exemption.resource} ({exemption.owner})"
    yield _summary(report)


def _rank(entry: Judged) -> tuple[bool, int, str]:
    return (
        entry.level is not Level.MANDATORY,
        -_ORDER.index(entry.control.severity),
        entry.control.id,
    )


def _about_control(finding: Finding) -> bool:
    return not finding.exempt and finding.kind is not Kind.UNDECIDED


def _control(entry: Judged, findings: Sequence[Finding]) -> Iterator[str]:
    control = entry.control
    yield f"{control.id}  [{entry.level}, {control.severity}]"
    yield f"  {control.title}"
    for finding in findings:
        yield from _finding(finding)
    yield f"  fix:    {control.fix}"
    yield f"  source: {', '.join(control.sources)}"
    yield ""


def _finding(finding: Finding) -> Iterator[str]:
    where = f"{finding.resource}.{finding.path}" if finding.path else finding.resource
    yield f"  {finding.kind}: {where}"
    yield f"    found:  {brief(finding.found)}"
    yield f"    wanted: {brief(finding.wanted)}"
    if finding.expired and finding.exemption is not None:
        expired = finding.exemption
        yield f"    the exemption of {expired.owner} expired on {expired.expires}"


def _not_known(report: Report) -> Iterator[str]:
    """One value that is not known leaves many controls undecided: they are told together."""
    values: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings(Kind.UNDECIDED):
        values[finding.urn, finding.path].append(finding)
    for findings in values.values():
        first = findings[0]
        level = Level.MANDATORY if any(item.fails for item in findings) else Level.ADVISORY
        yield f"{first.kind}: {first.resource}.{first.path}  [{level}]"
        yield f"    found:  {first.found}"
        yield f"    wanted: {first.wanted}"
        yield f"    for:    {', '.join(item.control.id for item in findings)}"
    if values:
        yield f"  fix:    {KNOWN}"
        yield ""


def _summary(report: Report) -> str:
    counts = {kind: sum(1 for _ in report.findings(kind)) for kind in Kind}
    on = len(report.judged)
    exempt = sum(1 for _ in report.exempted())
    numbers = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return (
        f"{report.resources} resources, {on} controls on, {len(report.off)} off: {numbers},"
        f" {exempt} exempt, {len(report.unused)} unused exemptions"
    )
