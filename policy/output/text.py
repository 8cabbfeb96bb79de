"""The report for people: grouped by control, worst first."""

from collections.abc import Iterator

from policy.control import Level, Severity
from policy.report import Finding, Judged, Kind, Report
from policy.values import brief

_ORDER = tuple(Severity)


def render(report: Report) -> str:
    """The whole report as text."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    entries = [item for item in report.judged if any(not f.exempt for f in item.findings)]
    for entry in sorted(entries, key=_rank):
        yield from _control(entry)
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


def _control(entry: Judged) -> Iterator[str]:
    control = entry.control
    yield f"{control.id}  [{entry.level}, {control.severity}]"
    yield f"  {control.title}"
    for finding in entry.findings:
        if not finding.exempt:
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


def _summary(report: Report) -> str:
    counts = {kind: sum(1 for _ in report.findings(kind)) for kind in Kind}
    on = len(report.judged)
    exempt = sum(1 for _ in report.exempted())
    numbers = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return (
        f"{report.resources} resources, {on} controls on, {len(report.off)} off: {numbers},"
        f" {exempt} exempt, {len(report.unused)} unused exemptions"
    )
