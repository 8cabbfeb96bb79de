import os
import signal
from pathlib import Path

import pytest

from local.engine import __main__ as command
from local.engine.build import EngineError
from local.engine.engine import Engine
from local.engine.place import Place
from local.errors import AlreadyRunningError
from local.lock import held
from local.project import ROOT

CTRL_C = "#!/bin/sh\nkill -INT $PPID\nsleep 0.2\nexit 1\n"


def engine(tmp_path: Path, text: str | None = None) -> Engine:
    """The engine for a stack of the project, in a place with this `pulumi` or without one."""
    (tmp_path / "project").mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        (tmp_path / "project" / name).write_bytes((ROOT / name).read_bytes())
    for name in ("components", "handlers", "requirements"):
        (tmp_path / "project" / name).mkdir()
    place = Place(root=tmp_path / "project")
    if text is not None:
        place.bin.mkdir(parents=True)
        place.pulumi.write_text(text)
        place.pulumi.chmod(0o755)
    return Engine(place=place, folder=tmp_path / "work", stack="dev", environment={}, settings={})


def test_without_an_engine_the_way_to_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="make engine builds or finds one"):
        engine(tmp_path).preview(print)


@pytest.mark.parametrize("text", ["no program", "#!/bin/sh\nexit 3\n"])
def test_an_engine_that_does_not_run_is_said_to_be_broken(tmp_path: Path, text: str) -> None:
    with pytest.raises(EngineError, match=r"does not run .* remove it, then make engine"):
        engine(tmp_path, text).preview(print)


def test_an_engine_that_is_too_old_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"pulumi: Minimum version requirement failed"):
        engine(tmp_path, "#!/bin/sh\necho v2.1.0\n").preview(print)


def test_two_commands_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with held(tmp_path / "work"), pytest.raises(AlreadyRunningError, match="already at work"):
        engine(tmp_path, "#!/bin/sh\necho v3.259.0\n").preview(print)


def test_an_interrupt_is_left_to_the_engine(tmp_path: Path) -> None:
    """Ctrl-C reaches both; this process waits for what the engine makes of it."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(EngineError, match="does not run"):
        engine(tmp_path, CTRL_C).preview(print)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("verb", ["deploy", "preview"])
def test_a_stack_that_the_project_does_not_have_is_named(
    verb: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said = run(monkeypatch, capfd, verb, "--stack", "nowhere")
    assert said == "there is no stack 'nowhere': the project has dev, local, prod, staging\n"


def test_another_stack_is_deployed_by_pulumi_itself(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "pulumi up --stack dev" in run(monkeypatch, capfd, "deploy", "--stack", "dev")


def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that fails."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr("sys.argv", ["local.engine", *arguments])
    monkeypatch.setattr(Place, "pulumi", property(lambda _: Path(os.devnull)))
    assert command.main() == 1
    for number, handler in before.items():
        signal.signal(number, handler)
    return capfd.readouterr().err
