"""The system itself, every stack, in its first preview."""

from pathlib import Path

import pytest

from local import policy_check
from local.policy_check import graph_of
from local.recording import Planned, record, run_program
from policy.command import CONFIG, read_settings
from policy.controls import catalogue
from policy.judge import judge
from tests.unit.components.harness import PROJECT, configuration

ROOT = Path(__file__).parents[2]
STACKS = ("local", "dev", "staging", "prod")


@pytest.mark.parametrize("stack", STACKS)
def test_the_stack_holds_every_control(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = policy_check.main([stack, "--root", str(ROOT)])
    text = capsys.readouterr().out
    assert code == 0, text
    assert "0 violated, 0 undecided, 0 crashed, 0 exempt, 0 unused exemptions" in text


@pytest.mark.parametrize("stack", STACKS)
def test_the_stack_holds_every_control_at_its_default_level(stack: str) -> None:
    settings = configuration(stack)
    account = Planned(settings.values[f"{PROJECT}:accountId"])
    graph = graph_of(run_program(settings, ROOT, account, preview=True))
    rules = read_settings(ROOT / CONFIG)
    for control in catalogue():
        if not control.off_because:
            # Which resources are others' is no level but a fact, which the project alone knows.
            own = rules.of(control).parameters
            facts = {"outside": own["outside"]} if "outside" in own else None
            assert judge(control, graph, facts).holds, control.id


MAKING = {
    # A boundary grants nothing: it is the most that any role may have.
    "iam-key-via-service",
    # A stack's resources get their ids when they are made: mappings and keys.
    "iam-no-star-resource",
    # Whoever makes roles and policies changes permissions, within its boundary.
    "iam-permissions-management",
    "iam-privilege-escalation",
    # The component's input names the grants of each of its six roles.
    "iam-grants-visible",
}


def test_githubs_way_into_the_account_holds_every_control_but_what_making_takes() -> None:
    graph = graph_of(record("account", ROOT / "bootstrap"))
    broken = {
        control.id
        for control in catalogue()
        if not control.off_because and not judge(control, graph).holds
    }

    assert broken == MAKING
    assert judge(next(one for one in catalogue() if one.id == "iam-oidc-subject"), graph).judged


def test_a_refused_configuration_has_an_exit_code_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "policy.json"
    config.write_text('{"all": "disabled"}')
    assert policy_check.main(["dev", "--root", str(ROOT), "--config", str(config)]) == 2
    assert "switch the whole pack off" in capsys.readouterr().err
