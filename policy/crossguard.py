"""The controls as CrossGuard policies: each under its own name, all over one graph.

The SDK decodes all properties of all resources anew for every stack policy, and hands stack
policies outputs, in which what the provider computes cannot be told from what the program gave.
`Analyzer` decodes once and judges the inputs that the engine sends for each resource before, so
that preview, update and an exported state are judged alike. Everything else is the SDK's.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Protocol, cast

import grpc
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import policy as sdk

from policy.control import Control, Level
from policy.graph import Graph
from policy.readers.crossguard import graph_of_arguments, graph_of_request
from policy.remedies import RemedyPolicy, remedies
from policy.report import Finding, Judged, Kind
from policy.resource import Resource
from policy.run import apply, unused_exemptions
from policy.schema import problems
from policy.settings import ControlSettings, SettingsError, control_settings, schemas_of
from policy.values import brief, plain

PACK: Final = "event-driven-aws"

_SERVICER: Final = "_PolicyAnalyzerServicer"
"""The SDK's class behind the pack: it has no public seam, and only this line knows its name."""

_Servicer: Any = getattr(sdk, _SERVICER)

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


def refusals(
    known: Mapping[str, Policy], config: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    """What is wrong with a configuration as the engine hands it over: it checks values only."""
    for name, given in config.items():
        policy = known.get(name)
        if policy is None:
            yield f"{name}: no such control"
            continue
        schemas = policy.config_schema.properties if policy.config_schema else {}
        for key, value in given.items():
            if key not in schemas:
                yield f"{name}.{key}: no such setting"
                continue
            yield from (f"{name}.{key}: {problem}" for problem in problems(value, schemas[key]))


class Analyzer(_Servicer):
    """The SDK's servicer with one graph for all stack policies."""

    def __init__(self, *args: Message, **kwargs: Message) -> None:
        super().__init__(*args, **kwargs)
        self._inputs: dict[str, Mapping[str, object]] = {}
        everything = cast("list[Policy]", getattr(self, f"{_SERVICER}__policies"))
        self._checks = [item for item in everything if isinstance(item, StackValidationPolicy)]
        self._remedies = [item for item in everything if isinstance(item, RemedyPolicy)]

    def Configure(self, request: Message, context: Message) -> Message:  # noqa: N802 (gRPC method)
        """Takes the configuration, or refuses it: the engine lets unknown names pass."""
        config = {
            name: cast("Mapping[str, object]", plain(json_format.MessageToDict(given.properties)))
            for name, given in request.policyConfig.items()
            if name != "all"
        }
        known = {policy.name: policy for policy in (*self._checks, *self._remedies)}
        answer = super().Configure(request, context)
        found = list(refusals(known, config))
        levels = map(self._get_enforcement_level, self._checks)
        if all(level is EnforcementLevel.DISABLED for level in levels):
            found.append("every control is disabled: the pack would check nothing")
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "; ".join(found))
        return answer

    def Analyze(self, request: Message, _context: object) -> Message:  # noqa: N802 (gRPC method)
        """Keeps the resource's inputs; the controls judge all resources together."""
        inputs = json_format.MessageToDict(request.properties)
        self._inputs[request.urn] = cast("Mapping[str, object]", plain(inputs))
        return proto.AnalyzeResponse()

    def Remediate(self, request: Message, _context: object) -> Message:  # noqa: N802 (gRPC method)
        """Mends the resource by the remedies that are on, one after the other.

        The SDK decodes every resource before it looks whether one is, and gives up a resource of
        which anything at all is not known yet.
        """
        response = proto.RemediateResponse()
        asked = [item for item in self._remedies if self._is_asked_for(item)]
        sent = json_format.MessageToDict(request.properties) if asked else {}
        for policy in asked:
            config = self._get_policy_config(policy.name) or {}
            resource = Resource(
                urn=request.urn,
                type=request.type,
                name=request.name,
                inputs=cast("Mapping[str, object]", plain(sent)),
            )
            mended = policy.mended(resource, sent, cast("Mapping[str, object]", plain(config)))
            if mended is not None:
                sent = dict(mended)
                response.remediations.append(self._remediation(policy, sent))
        return response

    def _is_asked_for(self, policy: Policy) -> bool:
        return self._get_enforcement_level(policy) is EnforcementLevel.REMEDIATE

    def _remediation(self, policy: Policy, inputs: Mapping[str, object]) -> Message:
        found = proto.Remediation(
            policyName=policy.name,
            policyPackName=PACK,
            policyPackVersion=getattr(self, f"{_SERVICER}__policy_pack_version"),
            description=policy.description,
        )
        found.properties.update(cast("Any", inputs))
        return found

    def AnalyzeStack(self, request: Message, _context: object) -> Message:  # noqa: N802 (gRPC method)
        """Runs every stack policy that is on over one graph."""
        response = proto.AnalyzeResponse()
        graph = graph_of_request(request, self._inputs)
        for policy in self._checks:
            level = self._get_enforcement_level(policy)
            if level is EnforcementLevel.DISABLED:
                continue
            if level is EnforcementLevel.REMEDIATE:
                level = EnforcementLevel.MANDATORY
            config = self._get_policy_config(policy.name) or {}
            advise = self._reporter(response, policy, EnforcementLevel.ADVISORY)
            arguments = GraphArguments(graph, config, advise)
            policy.validate(arguments, self._reporter(response, policy, level))
        return response

    def _reporter(self, response: Message, policy: Policy, level: EnforcementLevel) -> Message:
        return self._create_report_violation(
            response, policy.name, policy.description, level, policy.severity
        )


def serve(controls: Iterable[Control], start: Callable[..., Any] = PolicyPack) -> None:
    """Answers the engine until it hangs up; `start` is the SDK's pack."""
    setattr(sdk, _SERVICER, Analyzer)
    start(
        name=PACK,
        policies=policies(controls),
        enforcement_level=EnforcementLevel.MANDATORY,
    )
