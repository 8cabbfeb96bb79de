"""The controls as CrossGuard policies: each under its own name, all over one graph."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from policy.control import Control, Level
from policy.graph import Graph
from policy.readers.crossguard import graph_of_arguments
from policy.remedies import remedies
from policy.report import Finding, Judged, Kind
from policy.run import apply, unused_exemptions
from policy.settings import ControlSettings, SettingsError, control_settings, schemas_of
from policy.values import brief, plain

Message = Any  # the protocol's messages are generated without types


class _Say(Protocol):
    def __call__(self, message: str, urn: str | None = None) -> None: ...


class GraphArguments(StackValidationArgs):
    """A stack policy's arguments with the graph made already."""

    def __init__(self, graph: Graph, config: Mapping[str, Any], advise: _Say) -> None:
        super().__init__([], dict(config))
        self.graph = graph
        self.advise = advise


def stack_policy(control: Control) -> StackValidationPolicy:
    """A control as a stack policy."""

    def validate(args: StackValidationArgs, report_violation: _Say) -> None:
        given = isinstance(args, GraphArguments)
        graph = args.graph if given else graph_of_arguments(args)
        advise = args.advise if given else report_violation
        config = cast("Mapping[str, object]", plain(args.get_config()))
        # Whether the control runs at all is the engine's decision; here it is on.
        try:
            settings = control_settings(control, config, Level.MANDATORY)
        except SettingsError as error:
            report_violation(f"configuration refused: {error}")
            return
        today = dt.datetime.now(tz=dt.UTC).date()
        judged = apply(control, graph, settings, today)
        _report(judged, settings, report_violation, advise)

    return StackValidationPolicy(
        name=control.id,
        description=control.title,
        validate=cast("Any", validate),
        enforcement_level=EnforcementLevel(control.level.value),
        config_schema=PolicyConfigSchema({n: dict(s) for n, s in schemas_of(control).items()}),
        severity=Severity(control.severity.value),
        remediation_steps=control.fix,
        url=control.url or None,
        tags=[control.service],
    )


def _report(judged: Judged, settings: ControlSettings, say: _Say, advise: _Say) -> None:
    for finding in judged.findings:
        if not finding.exempt:
            loud = finding.level is not Level.ADVISORY
            (say if loud else advise)(message(finding), finding.urn)
    for exemption in unused_exemptions(settings, judged):
        advise(f"unused exemption for {exemption.resource} ({exemption.owner})")


def message(finding: Finding) -> str:
    """A finding as the lines that CrossGuard prints under the control's title."""
    where = f"{finding.path or 'the resource'} of {finding.resource}"
    if finding.kind is Kind.UNDECIDED:
        # One unknown value comes here once for each control: it is told in brief.
        return f"{finding.kind}: {where} is {finding.found}\nfix: {finding.fix}"
    lines = [
        f"{finding.kind}: {where}",
        f"found: {brief(finding.found)}",
        f"wanted: {brief(finding.wanted)}",
        f"fix: {finding.fix}",
        f"source: {', '.join(finding.control.sources)}",
    ]
    if finding.expired and finding.exemption is not None:
        lines.append(f"the exemption of {finding.exemption.owner} has expired")
    return "\n".join(lines)


def policies(controls: Iterable[Control]) -> list[Policy]:
    """All policies of the pack: one for each control, then the remedies."""
    found = tuple(controls)
    checks: list[Policy] = [stack_policy(control) for control in found]
    return [*checks, *remedies(found)]
