"""`python -m policy.check`: an exported state is judged as its preview was."""

import json
from pathlib import Path
from typing import Any

import pytest

from policy import tokens
from policy.check import main
from policy.command import HELD, REFUSED, VIOLATED
from policy.graph import Graph
from policy.readers.state import read_state
from policy.resource import Resource
from policy.run import check
from policy.settings import load
from tests.policy.cases import CONTROLS
from tests.policy.sound.edits import Edit, given
from tests.policy.sound.parts import ACCOUNT, REGION, arn
from tests.policy.sound.program import sound
from tests.policy.test_settings import TODAY

BARE = given("pay", kmsMasterKeyId=None)


def exported(folder: Path, graph: Graph, *more: dict[str, Any]) -> Path:
    """What `pulumi stack export` would say of a program that was deployed: nothing is unknown."""
    resources = [
        {
            "urn": item.urn,
            "type": item.type,
            "inputs": {name: decided(graph, item, name) for name in item.inputs},
            "outputs": made(item),
            "parent": item.parent,
            "protect": item.protect,
            "propertyDependencies": item.edges,
        }
        for item in graph.resources
    ]
    file = folder / "state.json"
    file.write_text(json.dumps({"deployment": {"resources": [*resources, *more]}}))
    return file


def made(item: Resource) -> dict[str, str]:
    """What AWS and Docker decide of a resource."""
    match item.type:
        case tokens.QUEUE:
            return {"url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{item.physical_name}"}
        case tokens.KEY:
            return {"arn": arn("kms", "key/a-key"), "keyId": "a-key"}
        case tokens.IMAGE:
            return {"repoDigest": f"registry/{item.name}@sha256:{'0' * 64}"}
        case _:
            return {}


def decided(graph: Graph, item: Resource, name: str) -> Any:  # noqa: ANN401 - any value of JSON
    """An input as it came to be: what a preview does not know is an output of its source."""
    sources = [source for urn in item.edges.get(name, ()) if (source := graph.at(urn))]
    outputs = made(sources[0]) if sources else {}
    known = outputs.get("keyId") if name == "targetKeyId" else next(iter(outputs.values()), "")
    return json.loads(json.dumps(item.inputs[name], default=lambda _: known))


def run(state: Path, *options: str) -> int:
    return main([str(state), "--config", str(state.with_name("policy.json")), *options])


@pytest.mark.parametrize("edits", [(), (BARE,), (given("pay", visibilityTimeoutSeconds=1),)])
def test_a_state_is_judged_as_the_preview_was(tmp_path: Path, edits: tuple[Edit, ...]) -> None:
    def found(graph: Graph) -> set[tuple[str, str]]:
        report = check(graph, tuple(CONTROLS.values()), load({}, CONTROLS.values()), TODAY)
        return {(finding.control.id, finding.urn) for finding in report.findings()}

    previewed = sound(*edits)
    assert bool(found(previewed)) is bool(edits)
    assert found(read_state(exported(tmp_path, previewed))) == found(previewed)


def test_what_waits_for_its_deletion_is_not_judged(tmp_path: Path) -> None:
    gone = {"urn": "u::gone", "type": "aws:sqs/queue:Queue", "inputs": {}, "delete": True}
    assert run(exported(tmp_path, sound(), gone)) == HELD
    assert run(exported(tmp_path, sound(), {**gone, "delete": False})) == VIOLATED


def test_the_exit_codes_are_those_of_the_page(tmp_path: Path) -> None:
    assert (HELD, VIOLATED, REFUSED) == (0, 1, 2)
    assert run(exported(tmp_path, sound())) == 0
    assert run(exported(tmp_path, sound(BARE))) == 1
    (tmp_path / "policy.json").write_text('{"all": "disabled"}')
    assert run(exported(tmp_path, sound())) == 2


def test_what_is_no_state_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    file.write_text("[]")
    assert run(file) == REFUSED
    assert f"{file} is no exported state" in capsys.readouterr().err


@pytest.mark.parametrize(("form", "key"), [("json", "failed"), ("sarif", "runs")])
def test_programs_get_a_form_of_theirs(tmp_path: Path, form: str, key: str) -> None:
    output = tmp_path / "report"
    run(exported(tmp_path, sound(BARE)), "--format", form, "--output", str(output))
    assert json.loads(output.read_text())[key]
