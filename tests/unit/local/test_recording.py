import subprocess
import sys
from pathlib import Path

import pytest

from local.monitor import RecordedResource
from local.properties import UNKNOWN
from local.recording import Recording, record

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "tests" / "integration" / "local" / "resources" / "project"


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record("local", PROJECT)


def named(recording: Recording, name: str) -> RecordedResource:
    (found,) = [resource for resource in recording.resources if resource.name == name]
    return found


def test_a_preview_knows_what_the_program_says(recording: Recording) -> None:
    assert named(recording, "queue").inputs["visibilityTimeoutSeconds"] == 60


def test_a_preview_does_not_know_what_another_resource_decides(recording: Recording) -> None:
    assert named(recording, "subscription").inputs["endpoint"] == UNKNOWN


def test_the_resource_that_a_value_comes_from_is_known_all_the_same(recording: Recording) -> None:
    sources = named(recording, "subscription").property_dependencies
    assert sources["endpoint"] == (named(recording, "queue").urn,)


def test_depends_on_is_among_the_dependencies(recording: Recording) -> None:
    assert named(recording, "dead").urn in named(recording, "queue").dependencies


def test_a_urn_has_the_types_of_the_parents_but_not_the_stacks(recording: Recording) -> None:
    assert named(recording, "queue").urn == (
        "urn:pulumi:local::every-kind::every-kind:index:Everything$aws:sqs/queue:Queue::queue"
    )


def test_a_components_inputs_are_recorded(recording: Recording) -> None:
    assert named(recording, "everything").inputs == {"timeout": 10}


def test_ignored_changes_are_recorded(recording: Recording) -> None:
    assert named(recording, "mapping").ignore_changes == ("enabled", "scalingConfig")


def test_a_second_run_in_the_same_process_is_the_same(recording: Recording) -> None:
    def graph(run: Recording) -> set[str]:
        return {resource.urn for resource in run.resources}

    assert graph(record("local", PROJECT)) == graph(recording)


def test_a_failing_program_raises_what_it_raised(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: broken")
    (tmp_path / "Pulumi.local.yaml").write_text("")
    (tmp_path / "__main__.py").write_text("raise ValueError('a wrong setting')")
    with pytest.raises(ValueError, match="a wrong setting"):
        record("local", tmp_path)


def test_a_preview_needs_no_aws_package() -> None:
    program = "import sys, local.recording; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
