"""The pack as the engine talks to it, without an engine."""

import json
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy import policy as sdk

from policy.analyzer import PACK, Analyzer
from policy.controls import catalogue
from policy.crossguard import policies
from policy.graph import Graph
from policy.values import Unknown
from tests.policy.sound.edits import Edit, both, given, unknown
from tests.policy.sound.program import sound

Json = Any  # any value of JSON

SDKS_OWN = getattr(sdk, "_PolicyAnalyzerServicer")  # noqa: B009 (it is private to the SDK)
SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def wire(value: Json) -> Json:
    if isinstance(value, Unknown):
        return SENTINEL
    if isinstance(value, dict):
        return {key: wire(item) for key, item in value.items()}
    return [wire(item) for item in value] if isinstance(value, list) else value


def requests(graph: Graph) -> list[Any]:
    found: list[Any] = []
    for item in graph.resources:
        properties = struct_pb2.Struct()
        properties.update(wire(dict(item.inputs)))
        dependencies = {
            name: proto.AnalyzerPropertyDependencies(urns=urns) for name, urns in item.edges.items()
        }
        found.append(
            proto.AnalyzerResource(
                type=item.type,
                urn=item.urn,
                name=item.name,
                properties=properties,
                parent=item.parent or "",
                options=proto.AnalyzerResourceOptions(protect=bool(item.protect)),
                propertyDependencies=dependencies,
            )
        )
    return found


def servicer(kind: type[Json]) -> Json:
    return kind(PACK, "1.0.0", policies(catalogue()), EnforcementLevel.MANDATORY)


def analyze(kind: type[Any], graph: Graph) -> set[tuple[str, str, int]]:
    answer = servicer(kind).AnalyzeStack(proto.AnalyzeStackRequest(resources=requests(graph)), None)
    return {(item.policyName, item.urn, item.enforcementLevel) for item in answer.diagnostics}


BROKEN: tuple[Edit, ...] = (
    given("pay", kmsMasterKeyId=None),
    unknown("pay", "visibilityTimeoutSeconds"),
    unknown("subscription", "redrivePolicy"),
    given("pay-policy", policy=json.dumps({"Version": "2012-10-17", "Statement": []})),
)


def test_a_sound_program_passes() -> None:
    assert not analyze(Analyzer, sound())


@pytest.mark.parametrize("edit", BROKEN)
def test_our_analyzer_says_what_the_sdks_own_would_say(edit: Edit) -> None:
    graph = sound(edit)
    ours = analyze(Analyzer, graph)
    assert ours
    assert analyze(SDKS_OWN, graph) == ours


def test_each_control_appears_under_its_own_name() -> None:
    info = servicer(Analyzer).GetAnalyzerInfo(None, None)
    names = {item.name for item in info.policies}
    assert {control.id for control in catalogue()} <= names


def test_inputs_of_the_engine_win_over_outputs() -> None:
    analyzer = servicer(Analyzer)
    graph = sound()
    for item in requests(sound(given("pay", kmsMasterKeyId=None))):
        analyzer.Analyze(item, None)
    answer = analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=requests(graph)), None)
    assert "sqs-encrypted" in {item.policyName for item in answer.diagnostics}


class RefusedError(Exception):
    """What the engine is told in place of an answer."""


class Call:
    """A call of the engine, as much of it as an answer needs."""

    def abort(self, code: Json, details: str) -> None:
        del code
        raise RefusedError(details)


def configured(**settings: dict[str, Json]) -> Json:
    analyzer = servicer(Analyzer)
    request = proto.ConfigureAnalyzerRequest()
    for name, properties in settings.items():
        config = request.policyConfig[name.replace("_", "-")]
        config.enforcementLevel = properties.pop("level", proto.MANDATORY)
        config.properties.update(properties)
    analyzer.Configure(request, Call())
    return analyzer


def test_an_exemption_works_under_the_engine_too() -> None:
    entry = {
        "resource": "pay",
        "reason": "holds public notices only, nothing of customers",
        "owner": "payments",
        "expires": "2999-01-01",
    }
    exempt: dict[str, Any] = {"exemptions": [entry]}
    analyzer = configured(sqs_encrypted=dict(exempt), sqs_customer_key=dict(exempt))
    graph = sound(given("pay", kmsMasterKeyId=None))
    answer = analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=requests(graph)), None)
    assert not list(answer.diagnostics)


def test_a_remedy_is_off_until_it_is_asked_for() -> None:
    bare = next(
        item for item in requests(sound(given("pay", kmsMasterKeyId=None))) if item.name == "pay"
    )
    assert not servicer(Analyzer).Remediate(bare, None).remediations
    asked = configured(remedy_sqs_encrypted={"level": proto.REMEDIATE})
    remedied = asked.Remediate(bare, None).remediations
    assert remedied[0].properties["sqsManagedSseEnabled"] is True
    assert remedied[0].properties["name"] == "shop-dev-pay.fifo"


def test_a_remedy_leaves_alone_what_holds() -> None:
    sound_queue = next(item for item in requests(sound()) if item.name == "pay")
    asked = configured(remedy_sqs_encrypted={"level": proto.REMEDIATE})
    assert not asked.Remediate(sound_queue, None).remediations


def test_a_remedy_keeps_what_it_does_not_know() -> None:
    edit = both(given("pay", kmsMasterKeyId=None), unknown("pay", "policy"))
    half_known = next(item for item in requests(sound(edit)) if item.name == "pay")
    asked = configured(remedy_sqs_encrypted={"level": proto.REMEDIATE})
    properties = asked.Remediate(half_known, None).remediations[0].properties
    assert properties["sqsManagedSseEnabled"] is True
    assert properties["policy"] == SENTINEL


def test_a_remedy_does_not_guess() -> None:
    perhaps = sound(unknown("pay", "sqsManagedSseEnabled"), given("pay", kmsMasterKeyId=None))
    queue = next(item for item in requests(perhaps) if item.name == "pay")
    asked = configured(remedy_sqs_encrypted={"level": proto.REMEDIATE})
    assert not asked.Remediate(queue, None).remediations


def test_tags_are_added_to_those_that_are_there() -> None:
    queue = next(item for item in requests(sound()) if item.name == "pay")
    values = {"Owner": "payments", "Project": "another"}
    asked = configured(remedy_sqs_tagged={"level": proto.REMEDIATE, "values": values})
    properties = asked.Remediate(queue, None).remediations[0].properties
    assert dict(properties["tags"]) == {"Owner": "payments", "Project": "shop"}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"sqs_encripted": {}}, "sqs-encripted: no such control"),
        ({"sqs_retention": {"dayz": 5}}, "sqs-retention.dayz: no such setting"),
        ({"sqs_retention": {"days": 50}}, "sqs-retention.days: expected at most 14"),
        (
            {control.id.replace("-", "_"): {"level": proto.DISABLED} for control in catalogue()},
            "every control is disabled",
        ),
    ],
)
def test_the_pack_refuses_what_the_engine_lets_pass(
    settings: dict[str, dict[str, Json]], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        configured(**settings)


def test_a_level_for_all_is_the_engines_own_word() -> None:
    assert configured(all={"level": proto.ADVISORY}, sqs_retention={"days": 5})
