from pathlib import Path

import pytest

from local.resources.image import context_digest

BUILD = {"context": "context", "dockerfile": "context/Dockerfile", "args": {"SERVICE": "one"}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    context = tmp_path / "context"
    (context / "common").mkdir(parents=True)
    (context / "Dockerfile").write_text("FROM scratch")
    (context / "app.py").write_text("one")
    (context / "common" / "ledger.py").write_text("two")
    return tmp_path


def test_the_same_context_has_the_same_digest(root: Path) -> None:
    assert context_digest(root, BUILD) == context_digest(root, BUILD)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("common/ledger.py", "changed"),
        ("common/new.py", ""),
        ("Dockerfile", "FROM other"),
    ],
)
def test_a_change_of_any_file_changes_the_digest(root: Path, path: str, text: str) -> None:
    before = context_digest(root, BUILD)
    (root / "context" / path).write_text(text)
    assert context_digest(root, BUILD) != before


def test_a_changed_argument_changes_the_digest(root: Path) -> None:
    assert context_digest(root, BUILD) != context_digest(root, {**BUILD, "args": {"SERVICE": "x"}})


def test_a_renamed_file_changes_the_digest(root: Path) -> None:
    before = context_digest(root, BUILD)
    (root / "context" / "app.py").rename(root / "context" / "other.py")
    assert context_digest(root, BUILD) != before


def test_what_python_writes_by_running_changes_nothing(root: Path) -> None:
    before = context_digest(root, BUILD)
    cache = root / "context" / "common" / "__pycache__"
    cache.mkdir()
    (cache / "ledger.cpython-311.pyc").write_text("compiled")
    assert context_digest(root, BUILD) == before


@pytest.mark.parametrize(
    ("rules", "counts"),
    [
        ("*.md", False),
        ("notes", False),
        ("**/*.md", False),
        ("*\n!notes.md", True),
        ("other.md", True),
        ("# notes.md", True),
    ],
)
def test_dockerignore_says_what_counts(root: Path, rules: str, *, counts: bool) -> None:
    name = "notes/one.md" if rules == "notes" else "notes.md"
    path = root / "context" / name
    path.parent.mkdir(exist_ok=True)
    (root / "context" / ".dockerignore").write_text(f"{rules}\n.dockerignore\n")
    before = context_digest(root, BUILD)
    path.write_text("text")
    assert (context_digest(root, BUILD) != before) is counts
