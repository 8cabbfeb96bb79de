from pathlib import Path
from types import SimpleNamespace

import pytest

from control import cli
from control.__main__ import main
from control.errors import Exit
from control.status import Status


@pytest.mark.parametrize(
    "words",
    [
        ["journey", "cust-1", "--since", "3x"],
        ["dead-letters", "payment-processing", "--since", "yesterday"],
        ["disable", "payment-processing", "--reason", "work", "--for", "2 h"],
        ["watch", "--every", "often"],
        ["status", "--wait", "long"],
    ],
    ids=lambda words: words[0],
)
def test_a_duration_that_is_none_is_said_before_a_stack_is_looked_for(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STACK", raising=False)
        code = main([*words, "--directory", str(tmp_path)])

    assert code == Exit.USAGE
    assert f"{words[-1]!r} is no duration" in capsys.readouterr().err


def test_the_help_has_a_line_for_each_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for code in Exit:
        assert any(f"- {code.value} " in line for line in lines), code


def test_ctrl_c_ends_a_watch_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = [Status(stack="dev", at="", well=True, services=[], unrouted=0, alarms=[])]

    def look(stack: object) -> Status:
        del stack
        if not looks:
            raise KeyboardInterrupt
        return looks.pop()

    def reach(*_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(tables=None, name=str)

    monkeypatch.setattr(cli, "read_status", look)
    monkeypatch.setattr(cli, "reach", reach)
    with pytest.raises(SystemExit) as ended:
        main(["watch", "--json", "--every", "0s"])

    assert ended.value.code == Exit.DONE
    said = capsys.readouterr()
    assert said.out.count('"stack":"dev"') == 1
    assert said.err == ""
