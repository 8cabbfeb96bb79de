"""The pack under the real engine: CrossGuard's own protocol, levels and exit codes."""

import json
from pathlib import Path

import pytest

from local.emulator import Emulator
from local.engine.place import Place
from local.engine.workspace import lay_out_pack
from tests.engine.project import ROOT, Project

BROKEN = "sqs-customer-key"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the pack, under another folder's name: it has to run anywhere."""
    copy = tmp_path_factory.mktemp("pack") / "guard"
    return lay_out_pack(Place(root=ROOT), ROOT / "policy", copy)


@pytest.fixture(scope="module")
def project(source: Path, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(
        source=source,
        folder=tmp_path_factory.mktemp("judged"),
        stack="local",
        environment=emulator.environment(),
    )
    made.init()
    return made


def arguments(pack: Path, config: Path = ROOT / "policy.json") -> tuple[str, ...]:
    judged_by = ("--policy-pack", str(pack), "--policy-pack-config", str(config))
    return ("--stack", "local", *judged_by)


def findings(said: str) -> str:
    """What the engine says of the policies, without its list of resources."""
    return said.partition("Policies:")[2].partition("Diagnostics:")[0] or said[-2000:]


def break_encryption(project: Project) -> None:
    project.edit(
        "components/queues.py",
        "kms_master_key_id=base.names.key_alias",
        "sqs_managed_sse_enabled=True",
    )


def test_the_system_passes_its_first_preview(project: Project, pack: Path) -> None:
    project.reset()
    done = project.pulumi("preview", *arguments(pack), check=False)
    assert done.returncode == 0, findings(done.stdout)
    assert "[mandatory]" not in done.stdout


def test_a_violation_stops_the_first_preview_under_the_controls_name(
    project: Project, pack: Path
) -> None:
    project.reset()
    break_encryption(project)
    done = project.pulumi("preview", *arguments(pack), check=False)
    assert done.returncode != 0
    assert BROKEN in done.stdout
    assert "[mandatory]" in done.stdout


def test_an_advice_does_not_stop_it(project: Project, pack: Path, tmp_path: Path) -> None:
    project.reset()
    break_encryption(project)
    config = json.loads((ROOT / "policy.json").read_text()) | {BROKEN: "advisory"}
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(config))
    done = project.pulumi("preview", *arguments(pack, file), check=False)
    assert done.returncode == 0, findings(done.stdout)
    assert "[advisory]" in done.stdout


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"all": "disabled"}, "every control is disabled"),
        ({"sqs-encripted": "advisory"}, "sqs-encripted: no such control"),
    ],
)
def test_a_configuration_that_would_let_anything_pass_is_refused(
    project: Project, pack: Path, tmp_path: Path, config: dict[str, str], reason: str
) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(config))
    done = project.pulumi("preview", *arguments(pack, file), check=False)
    assert done.returncode != 0
    assert reason in done.stdout + done.stderr


def test_update_and_state_are_judged_as_the_preview_was(project: Project, pack: Path) -> None:
    project.reset()
    try:
        done = project.pulumi("up", "--yes", "--skip-preview", *arguments(pack), check=False)
        assert done.returncode == 0, findings(done.stdout)
        assert "[mandatory]" not in done.stdout
        break_encryption(project)
        broken = project.pulumi("up", "--yes", *arguments(pack), check=False)
        assert broken.returncode != 0
        assert BROKEN in broken.stdout
    finally:
        project.reset()
        project.pulumi("destroy", "--stack", "local", "--yes", "--skip-preview", check=False)
