"""Who may know whom; read from the imports of every module, those inside of functions too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"components", "handlers", "policy", "local", "control", "bench", "tests", "tools"}

FORBIDDEN: dict[str, set[str]] = {
    "components": OURS - {"components"},
    "handlers": (OURS - {"handlers"}) | {"pulumi", "pulumi_aws", "pulumi_docker", "pulumi_policy"},
    "policy": OURS - {"policy"},
    "control": OURS - {"control"},
    "bootstrap": OURS,
}
"""What each part must not import. `local` may know all."""

EXCEPT = {
    "control": {
        "handlers.common.circuit.control",
        "handlers.common.errors",
        "handlers.subscription_manager.settings",
    },
    "bootstrap": {"components.account", "components.pipeline"},
}
"""What a part may know of one that is closed to it."""

LAYERS = ("messages", "ledger", "telemetry", "bank", "circuit", "worker")
"""The packages of handlers/common, each on top of those before it."""


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Every module that a module imports, relative ones resolved against its package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, node.module or ""]) if node.level else node.module or ""
            yield from (f"{base.strip('.')}.{name.name}" for name in node.names)


def broken_rules(part: str, source: str, package: str) -> list[str]:
    """The imports in a module of this part that it must not have."""
    allowed = tuple(EXCEPT.get(part, ()))
    return [
        name
        for name in imported(ast.parse(source), package)
        if (name.split(".")[0] in FORBIDDEN[part])
        and not any(name == one or name.startswith(f"{one}.") for one in allowed)
    ]


def modules(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("part", [part for part in FORBIDDEN if (ROOT / part).is_dir()])
def test_no_part_knows_what_it_must_not(part: str) -> None:
    assert modules(part)
    broken = {
        str(path.relative_to(ROOT)): found
        for path in modules(part)
        if (
            found := broken_rules(
                part, path.read_text(), ".".join(path.relative_to(ROOT).parent.parts)
            )
        )
    }
    assert broken == {}


def test_shared_code_knows_only_what_it_stands_on() -> None:
    common = ROOT / "handlers" / "common"
    packages = {path.parent.name for path in common.glob("*/__init__.py")}
    assert packages == set(LAYERS)
    wrong = [
        f"{path.name} imports {name}"
        for above, package in enumerate(LAYERS)
        for path in (common / package).glob("*.py")
        for name in imported(ast.parse(path.read_text()), f"handlers.common.{package}")
        if name.startswith("handlers.common.")
        and name.split(".")[2] in {*LAYERS[above + 1 :], "service", "standalone", "settings"}
    ]
    assert wrong == []


def test_a_worker_knows_no_other_service() -> None:
    services = {path.parent.name for path in (ROOT / "handlers").glob("*/app.py")}
    assert {"bank_account_setup", "payment_processing", "subscription_manager"} <= services
    for path in modules("handlers"):
        own = path.relative_to(ROOT / "handlers").parts[0]
        for name in imported(ast.parse(path.read_text()), "handlers"):
            parts = name.split(".")
            if parts[0] == "handlers" and len(parts) > 1:
                assert parts[1] not in services - {own}, f"{path} imports {name}"


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("handlers", "import pulumi"),
        ("handlers", "from pulumi_aws import sqs"),
        ("handlers", "def late():\n    import local.bank"),
        ("handlers", "from components import names"),
        ("components", "import handlers.common.errors as e"),
        ("components", "if True:\n    from local import queues"),
        ("policy", "from components.names import Names"),
        ("control", "from handlers.common import gate"),
        ("control", "import components"),
        ("bootstrap", "from components.queues import SecureQueue"),
    ],
)
def test_a_forbidden_import_is_found_wherever_it_stands(part: str, source: str) -> None:
    assert broken_rules(part, source, part)


@pytest.mark.parametrize(
    ("source", "name"),
    [("from . import gate", "handlers.common.gate"), ("from ..x import y", "handlers.x.y")],
)
def test_a_relative_import_is_known_by_its_whole_name(source: str, name: str) -> None:
    assert list(imported(ast.parse(source), "handlers.common")) == [name]


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("handlers", "from handlers.common import errors"),
        ("components", "import pulumi"),
        ("control", "from handlers.common.circuit.control import decode"),
        ("bootstrap", "from components.pipeline import Pipeline"),
        ("policy", "from policy.document import Document"),
        ("handlers", "import localization"),
    ],
)
def test_an_allowed_import_is_none_of_them(part: str, source: str) -> None:
    assert broken_rules(part, source, part) == []
