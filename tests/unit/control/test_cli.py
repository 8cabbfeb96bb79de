from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from control import cli
from control.__main__ import main
from control.errors import Exit
from control.place import LocalState
from control.status import Status


def reach(*_: object, **__: object) -> SimpleNamespace:
    return SimpleNamespace(tables=None, name=str)


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


def test_a_hold_that_is_over_at_once_is_refused_before_a_stack_is_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hold = ["disable", "payment-processing", "--reason", "work", "--for", "0s"]
    assert main([*hold, "--directory", str(tmp_path)]) == Exit.USAGE
    assert "--for 0s: a hold that is over at once is none" in capsys.readouterr().err


def sts_raises(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refused() -> None:
        raise error

    def client(*_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(get_caller_identity=refused)

    monkeypatch.setattr("boto3.Session.client", client)


def test_a_local_system_that_was_killed_is_said_to_be_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = LocalState(endpoint="https://127.0.0.1:9", ca_bundle="ca.pem", region="us-east-2")
    (tmp_path / "system.json").write_bytes(msgspec.json.encode(left))
    sts_raises(monkeypatch, EndpointConnectionError(endpoint_url=left.endpoint))
    assert main(["status", "--directory", str(tmp_path)]) == Exit.FAILED
    said = capsys.readouterr().err
    assert said.startswith("the local system is gone: ")
    assert left.endpoint in said
    assert "`make up` starts a new one" in said


def test_a_stack_in_aws_without_credentials_says_where_the_other_one_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sts_raises(monkeypatch, NoCredentialsError())
    assert main(["status", "--stack", "dev"]) == Exit.FAILED
    said = capsys.readouterr().err
    assert "the stack dev is in AWS, and there are no credentials" in said
    assert "the system on this machine is the stack local" in said


@pytest.mark.parametrize(
    "words",
    [
        ["history", "payment-processing", "--most", "0"],
        ["redrive", "payment-processing", "--count", "0"],
        ["watch", "--looks", "-1"],
    ],
    ids=lambda words: words[0],
)
def test_a_number_that_means_nothing_is_a_wrong_argument(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == Exit.USAGE


def test_what_an_operator_wrote_is_shown_as_it_was_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rich takes words in brackets for its own, and ends on one that it cannot close."""

    def nothing(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(cli, "journey", nothing)
    monkeypatch.setattr(cli, "reach", reach)
    with pytest.raises(SystemExit) as ended:
        main(["journey", "cust [/1] [b]2"])
    assert ended.value.code == Exit.NOT_WELL
    assert "cust [/1] [b]2: nothing found" in capsys.readouterr().out


def test_the_help_has_a_line_for_each_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for code in Exit:
        assert any(f"- {code.value} " in line for line in lines), code


@pytest.mark.parametrize(("well", "code"), [(True, Exit.DONE), (False, Exit.NOT_WELL)])
def test_check_tells_scripts_whether_all_is_well(
    monkeypatch: pytest.MonkeyPatch, *, well: bool, code: Exit
) -> None:
    def look(_: object) -> Status:
        return Status(stack="dev", at="", well=well, services=[], unrouted=0, alarms=[])

    monkeypatch.setattr(cli, "read_status", look)
    monkeypatch.setattr(cli, "reach", reach)
    with pytest.raises(SystemExit) as ended:
        main(["status", "--check"])

    assert ended.value.code == code


def test_ctrl_c_ends_a_watch_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = [Status(stack="dev", at="", well=True, services=[], unrouted=0, alarms=[])]

    def look(stack: object) -> Status:
        del stack
        if not looks:
            raise KeyboardInterrupt
        return looks.pop()

    monkeypatch.setattr(cli, "read_status", look)
    monkeypatch.setattr(cli, "reach", reach)
    with pytest.raises(SystemExit) as ended:
        main(["watch", "--json", "--every", "0s"])

    assert ended.value.code == Exit.DONE
    said = capsys.readouterr()
    assert said.out.count('"stack":"dev"') == 1
    assert said.err == ""
