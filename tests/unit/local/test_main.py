"""What goes wrong is one message and an exit code, whatever it is."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from components.errors import SettingsError, Violation
from local import __main__ as command
from local.errors import NotRunningError

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command with these arguments, in this process."""
    monkeypatch.setattr(command, "raise_on_signals", lambda: None)

    def main(directory: Path, *arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["local", "--directory", str(directory), *arguments])
        return command.main()

    return main


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> Callable[..., int]:
    """`down` with an error in the midst of it."""

    def with_error(error: Exception) -> int:
        def fail(_directory: Path) -> int:
            raise error

        monkeypatch.setattr("local.commands.down", fail)
        return run(tmp_path, "down")

    return with_error


@pytest.mark.parametrize("verb", [("demo",), ("up",), ("down",), ("send", "mine.jsonl")])
def test_a_directory_that_cannot_be_used_is_one_line_that_names_it(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    file = tmp_path / "a-file"
    file.touch()
    assert run(file / "below", *verb) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(file) in line
    assert "Not a directory" in line


SETTINGS = SettingsError([Violation(key="coolDown", value=0, rule="it must be above 0")])


@pytest.mark.parametrize("error", [NotRunningError("no system is running"), SETTINGS])
def test_an_error_of_the_project_is_its_text_and_leaves_nothing(
    failing: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    assert failing(error) == 1
    assert capsys.readouterr().err == f"{error}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_trace_of_any_other_error_is_kept_out_of_the_way(
    failing: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(ZeroDivisionError("a defect")) == 1
    trace = tmp_path / "error.log"
    assert capsys.readouterr().err == f"ZeroDivisionError: a defect\nThe trace is in {trace}\n"
    assert "Traceback" in trace.read_text()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "many"])
def test_what_is_no_port_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, "up", f"--port={port}")
    assert ended.value.code == 2
    assert f"'{port}' is no port: it must be from 1 to 65535" in capsys.readouterr().err
