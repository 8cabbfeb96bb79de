"""The project with one more service, made by the command and nothing else, passes what it must."""

from pathlib import Path

import pytest

from tests.making import VIRTUAL, copied, make

STACKS = ("local", "dev", "staging", "prod")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which `make new-service` was run."""
    root = copied(tmp_path_factory.mktemp("project"))
    (root / ".venv").symlink_to(VIRTUAL)  # where the type checker looks for packages
    make(root, "new-service", "NAME=refunds", "TYPE=refund")
    return root


@pytest.mark.parametrize("target", ["check", "test", "test-policy"])
def test_it_passes_every_test_of_the_project(project: Path, target: str) -> None:
    make(project, target)


@pytest.mark.parametrize("stack", STACKS)
def test_its_first_preview_passes_the_policies(project: Path, stack: str) -> None:
    make(project, "policy", f"STACK={stack}")
