from pathlib import Path

import pytest

from local.recording import record
from local.resources.table import KINDS
from tests.engine.project import ROOT, Project


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_the_first_preview_makes_what_the_program_says(
    source: Path, tmp_path: Path, stack: str
) -> None:
    """Every stack, without an account; the same resources as in a run without the engine."""
    project = Project(source=source, folder=tmp_path, stack=stack, environment={})
    project.init()
    said = record(stack, project.program).resources
    wanted = {f"{each.type.rpartition(':')[2]} {each.name}" for each in said if each.type in KINDS}
    assert project.preview() == {"create": wanted}


def test_nothing_can_be_made_without_an_embedded_aws(source: Path, tmp_path: Path) -> None:
    project = Project(source=source, folder=tmp_path, stack="dev", environment={})
    project.init()
    said = project.refused_up("--skip-preview")
    assert "there is no embedded AWS to apply to: set aws:endpoints or AWS_ENDPOINT_URL" in said


def test_the_provider_is_no_way_to_the_real_aws(source: Path, tmp_path: Path) -> None:
    elsewhere = {"AWS_ENDPOINT_URL": "https://sqs.us-east-2.amazonaws.com"}
    project = Project(source=source, folder=tmp_path, stack="dev", environment=elsewhere)
    project.init()
    assert "the local provider applies to this machine alone" in project.refused_up()


def test_a_wrong_setting_stops_the_engine_before_any_resource(source: Path, tmp_path: Path) -> None:
    project = Project(source=source, folder=tmp_path, stack="dev", environment={})
    project.init()
    project.reset(managerTimeout=1000)
    said = project.refused_up("--skip-preview")
    assert "managerTimeout" in said
    assert "aws:sqs" not in said


def test_the_engine_writes_no_logs_of_its_own(source: Path, tmp_path: Path) -> None:
    project = Project(source=source, folder=tmp_path, stack="dev", environment={})
    project.init()
    home = Path(project.command_environment["PULUMI_HOME"])
    project.preview()
    assert (home / "logs").read_bytes() == b""


def test_the_repository_is_left_as_it_was(source: Path, tmp_path: Path) -> None:
    before = (ROOT / "Pulumi.dev.yaml").read_bytes()
    project = Project(source=source, folder=tmp_path, stack="dev", environment={})
    project.init()
    assert (ROOT / "Pulumi.dev.yaml").read_bytes() == before
