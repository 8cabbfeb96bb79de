import sys
from pathlib import Path

import pytest

from local.engine import building
from local.engine.building import BuildError, go_build


def go(folder: Path, words: str, code: int = 0) -> str:
    """A command that says these words as `go build -v` does, on its error output."""
    path = folder / "go"
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stderr.write({words!r})\nsys.exit({code})"
    )
    path.chmod(0o755)
    return str(path)


DOWNLOADS = "go: downloading example.com/b v1.0.0\n" * 200
PACKAGES = "example.com/b\nexample.com/b/v2/c-d_e.f\n"


def test_a_build_that_succeeds_says_nothing_of_each_module(tmp_path: Path) -> None:
    said: list[str] = []
    go_build(go(tmp_path, DOWNLOADS + PACKAGES), ["."], tmp_path, said.append)
    assert said == []


def test_a_long_build_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "EVERY", 0.0)
    said: list[str] = []
    go_build(go(tmp_path, DOWNLOADS + PACKAGES), ["."], tmp_path, said.append)
    assert said[-1] == "  0:00  200 modules loaded, 2 packages compiled"


def test_a_build_that_fails_gives_all_of_its_error_and_nothing_else(tmp_path: Path) -> None:
    error = "# example.com/b\nb.go:3:1: undefined: x\nb.go:9:4: too many errors"
    with pytest.raises(BuildError) as raised:
        go_build(go(tmp_path, f"{DOWNLOADS}{PACKAGES}{error}\n", 1), ["."], tmp_path, print)
    assert str(raised.value) == error


def test_a_checksum_that_does_not_fit_is_told_whole(tmp_path: Path) -> None:
    error = "verifying example.com/b@v1.0.0: checksum mismatch\n\tdownloaded: h1:a\n\tgo.sum: h1:b"
    with pytest.raises(BuildError, match=r"(?s)mismatch\n\tdownloaded: h1:a\n\tgo\.sum: h1:b"):
        go_build(go(tmp_path, f"{DOWNLOADS}{error}\n", 1), ["."], tmp_path, print)


def test_a_go_that_dies_without_a_word_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="go ended with 2"):
        go_build(go(tmp_path, "", 2), ["."], tmp_path, print)
