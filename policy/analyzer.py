"""What answers the engine: the SDK's own servicer, with one graph for all stack policies.

The SDK decodes all properties of all resources anew for every stack policy, and hands stack
policies outputs, in which what the provider computes cannot be told from what the program gave.
`Analyzer` decodes once and judges the inputs that the engine sends for each resource before, so
that preview, update and an exported state are judged alike. Everything else is the SDK's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

import grpc
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, Policy, PolicyPack, StackValidationPolicy
from pulumi_policy import policy as sdk

from policy.control import Control
from policy.crossguard import GraphArguments, Message, policies
from policy.readers.crossguard import graph_of_request
from policy.remedies import RemedyPolicy
from policy.resource import Resource
from policy.schema import problems
from policy.values import plain

PACK: Final = "event-driven-aws"

_SERVICER: Final = "_PolicyAnalyzerServicer"
"""The SDK's class behind the pack: it has no public seam, and only this line knows its name."""

_Servicer: Any = getattr(sdk, _SERVICER)


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
