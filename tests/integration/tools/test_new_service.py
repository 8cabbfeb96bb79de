"""A service made by the command, in a copy of the project: nothing else is changed by hand."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TRANSACTION = {"message_id": "m-1", "transaction_type": "refund", "customer_id": "c-1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with one more service."""
    root = tmp_path_factory.mktemp("project")
    made = shutil.ignore_patterns("__pycache__", ".git", ".venv", ".local", ".engine", ".*_cache")
    shutil.copytree(ROOT, root, ignore=made, dirs_exist_ok=True)
    python(root, "-m", "tools.new_service", "refunds", "refund")
    return root


def python(root: Path, *command: str) -> str:
    """Runs Python in a project, as its make targets do."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def test_it_is_clean_by_the_projects_own_rules(project: Path) -> None:
    written = ("handlers/refunds", "components/services.py", "tests/unit/handlers/refunds")
    python(project, "-m", "ruff", "check", "--quiet", *written)
    python(project, "-m", "ruff", "format", "--check", *written)


def test_its_own_tests_pass_and_those_of_the_graph_with_it(project: Path) -> None:
    tests = ("tests/unit/handlers/refunds", "tests/unit/components")
    python(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_the_policies_pass_with_it(project: Path) -> None:
    python(project, "-m", "local.policy_check", "prod")


def test_the_dashboard_has_its_row(project: Path) -> None:
    program = (
        "import json; from pathlib import Path; from local.recording import record;"
        "found = record('prod', Path.cwd()).resources;"
        "print([r for r in found if r.name == 'dashboard' and r.custom][0].inputs['dashboardBody'])"
    )
    body: dict[str, Any] = json.loads(python(project, "-c", program))
    titles = [widget["properties"]["title"] for widget in body["widgets"] if "properties" in widget]
    own = [title.removeprefix("refunds: ") for title in titles if title.startswith("refunds: ")]
    others = [t.removeprefix("payment-processing: ") for t in titles if "payment-processing: " in t]
    assert own
    assert own == others


def test_compose_starts_its_container(project: Path) -> None:
    services = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]
    own, other = services["refunds"], services["payment-processing"]
    assert own["build"]["args"]["SERVICE"] == "refunds"
    assert {**own, "build": 0, "image": 0} == {**other, "build": 0, "image": 0}


@pytest.fixture
def running(project: Path) -> Iterator[Path]:
    """The copy's whole system on the embedded AWS."""
    python(project, "-m", "local", "up")
    yield project
    python(project, "-m", "local", "down")


def test_a_transaction_goes_through_it(running: Path) -> None:
    file = running / "refunds.jsonl"
    file.write_text(json.dumps(TRANSACTION))
    assert "completed" in python(running, "-m", "local", "send", str(file))
