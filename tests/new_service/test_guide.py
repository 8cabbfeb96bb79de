"""The service of the guide, made by its command in a copy of the project.

Where the project has the guide's service already, the copy gets one of another name.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml

from components.services import SERVICES
from tests.making import copied, make
from tests.unit.docs.pages import ROOT, blocks, fenced, spans

GUIDE = ROOT / "docs" / "adding-a-service.md"
THERE = {word for service in SERVICES for word in (service.name, service.transaction_type)}


def free(text: str) -> str:
    """A text of the guide, about a service that this project does not have yet."""
    if not {"meter-reading", "meter_reading"} & THERE:
        return text
    words = {"meter-reading": "one-more", "meter_reading": "one_more", "MeterReading": "OneMore"}
    for its, other in words.items():
        text = text.replace(its, other)
    return text


COMMAND = free(blocks(GUIDE)[0].commands[0])
NAME, TYPE, FOLDER = free("meter-reading"), free("meter_reading"), free("meter_reading")
KIND = free("MeterReadingKind")
TRANSACTION = {"message_id": "m-1", "transaction_type": TYPE, "customer_id": "c-1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The project with one more service, and the files in which it differs from this one."""
    root = copied(tmp_path_factory.mktemp("project"))
    make(root, *COMMAND.split()[1:], environment=environment(root))
    files = {path.relative_to(root) for path in root.rglob("*")}
    kept = [file for file in files if not {".ruff_cache", "__pycache__", ".local"} & {*file.parts}]
    return root, {str(file) for file in kept if differs(root / file, ROOT / file)}


def differs(one: Path, other: Path) -> bool:
    return one.is_file() and not (other.exists() and one.read_bytes() == other.read_bytes())


@pytest.fixture
def project(made: tuple[Path, set[str]]) -> Path:
    return made[0]


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}


def tried(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a project, as its make targets do."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
    )


def python(root: Path, *command: str) -> str:
    """The same, and it succeeds; what it printed."""
    done = tried(root, *command)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def test_it_writes_what_the_guide_says_and_nothing_else(made: tuple[Path, set[str]]) -> None:
    handlers = {f"handlers/{FOLDER}/{file}.py" for file in ("__init__", "app", "kind")}
    tests = {f"tests/unit/handlers/{FOLDER}/test_{FOLDER}.py"}
    docs = {"docs/api.md", "docs/grants.md", "docs/scaling.md"}
    changed = {"components/services.py", "docker-compose.yml"}
    assert made[1] == handlers | tests | docs | changed


def test_the_dashboard_has_its_row(project: Path) -> None:
    program = (
        "import json; from pathlib import Path; from local.recording import record;"
        "found = record('prod', Path.cwd()).resources;"
        "print([r for r in found if r.name == 'dashboard' and r.custom][0].inputs['dashboardBody'])"
    )
    body: dict[str, Any] = json.loads(python(project, "-c", program))
    titles = [widget["properties"]["title"] for widget in body["widgets"] if "properties" in widget]
    own = [title.removeprefix(f"{NAME}: ") for title in titles if title.startswith(f"{NAME}: ")]
    others = [t.removeprefix("payment-processing: ") for t in titles if "payment-processing: " in t]
    assert own
    assert own == others


def test_compose_starts_its_container(project: Path) -> None:
    services = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]
    own, other = services[NAME], services["payment-processing"]
    assert own["build"]["args"]["SERVICE"] == NAME
    assert {**own, "build": 0, "image": 0} == {**other, "build": 0, "image": 0}


@pytest.fixture
def running(project: Path) -> Iterator[Path]:
    """The copy's whole system on the embedded AWS."""
    python(project, "-m", "local", "up")
    yield project
    python(project, "-m", "local", "down")


def test_a_transaction_goes_through_it(running: Path) -> None:
    file = running / "mine.jsonl"
    file.write_text(json.dumps(TRANSACTION))
    assert "completed" in python(running, "-m", "local", "send", str(file))


# The guide's example of a grant


@pytest.fixture
def granted(project: Path, tmp_path: Path) -> Path:
    """The same project, with the grant."""
    root = copied(tmp_path / "granted", project)
    value = f'    Service(\n        name="{NAME}",\n        transaction_type="{TYPE}",\n    ),\n'
    granting = indent(f"{example('Service(').rstrip()},\n", "    ")
    services = root / "components/services.py"
    replace(services, value, granting)
    replace(services, "import Grant\n", "import Grant, only_keys\n")
    return root


def example(begins: str) -> str:
    """The guide's Python that begins so."""
    code = [free(dedent(text)) for language, text in fenced(GUIDE) if language == "python"]
    (found,) = [text for text in code if text.startswith(begins)]
    return found


def let_through(root: Path) -> None:
    """The boundary lets the grant through."""
    tables = 'names.table_arn(f"{names.prefix}-*/index/*")'
    replace(root / "components/boundary.py", tables, f'{tables}, names.table_arn("meters")')


@pytest.fixture
def asking(granted: Path) -> Path:
    """The same project, whose service uses the grant."""
    let_through(granted)
    kind, app = (granted / "handlers" / FOLDER / file for file in ("kind.py", "app.py"))
    imports, methods = example("from collections").split(f"class {KIND}:\n")
    before, _, after = kind.read_text().partition("    def request")
    _, details, rest = after.partition("    def details")
    kind.write_text(f"{before}{methods.strip(chr(10))}\n\n{details}{rest}")
    replace(kind, "from typing import Any", f"{imports.strip()}\nfrom typing import Any")
    imports, reading, service = example("from handlers").partition("def _last")
    replace(app, f"_service = service({KIND}())\n", reading + service)
    replace(app, "from typing import Any\n", f"from typing import Any\n\n{imports.strip()}\n")
    put = " " * 20 + "access.secrets.put_secret_value("
    made = indent(example("access.dynamodb"), " " * 20)
    replace(granted / "local/system.py", put, made + put)
    return granted


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, f"{file.name}: {old}"
    file.write_text(text.replace(old, new))


def test_what_another_program_makes_is_a_violation_until_it_is_named(granted: Path) -> None:
    assert "table/meters" in tried(granted, "-m", "local.policy_check", "prod").stdout
    config = granted / "policy.json"
    (named,) = [span for span in spans(GUIDE) if span.startswith('"stack-reference-exists"')]
    config.write_text(json.dumps(json.loads(config.read_text()) | json.loads(f"{{{named}}}")))
    python(granted, "-m", "local.policy_check", "prod")


def test_a_grant_beyond_the_boundary_is_told_of_until_it_is_let_through(granted: Path) -> None:
    test = "tests/unit/components/test_service_authorization.py"
    run = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "boundary_lets", test)
    assert "_bounds in components/boundary.py" in tried(granted, *run).stdout
    let_through(granted)
    python(granted, *run)


def test_a_grant_without_an_owner_is_told_of_until_it_has_one(granted: Path) -> None:
    run = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "owners")
    test = "tests/unit/test_workflows.py"
    assert "owners[components/services.py]" in tried(granted, *run, test).stdout
    owners = granted / ".github/CODEOWNERS"
    (line,) = [span for span in spans(GUIDE) if span.endswith(" @security")]
    owners.write_text(f"{owners.read_text()}{line}\n")
    python(granted, *run, test)


def test_a_service_that_uses_the_grant_passes_its_own_tests(asking: Path) -> None:
    python(asking, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/unit/handlers/{FOLDER}")


def test_a_grant_that_is_used_is_neither_denied_nor_too_much(asking: Path) -> None:
    python(asking, "-m", "local.privilege")
    assert "meters" in (asking / "docs/grants.md").read_text()
