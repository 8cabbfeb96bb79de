from pathlib import Path

import msgspec
import pytest

from local import supervisor
from local.access import Outputs, State
from local.errors import EndedError, NotRunningError
from local.lock import held

STATE = State(
    pid=1,
    started_at=0.0,
    directory="/",
    endpoint="https://127.0.0.1:1",
    ca_bundle="/ca.pem",
    region="us-east-2",
    bank_url="http://127.0.0.1:2",
    bank_control_url="http://127.0.0.1:3",
    outputs=Outputs(
        transaction_topic_arn="arn:transactions",
        control_topic_arn="arn:control",
        outcomes_topic_arn="arn:outcomes",
        queue_urls={"payment-processing": "https://queue"},
        dead_letter_queue_urls={"payment-processing": "https://dlq"},
        unrouted_queue_url="https://unrouted",
        function_names={},
        ledger_table="ledger",
        circuit_table="circuit",
        bank_secret="bank",
    ),
)


def leave_state(directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "system.json").write_bytes(msgspec.json.encode(STATE))


def test_where_nothing_runs_there_is_nothing_to_find(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="no system is running"):
        supervisor.find(tmp_path / "up")


def test_a_state_whose_process_is_gone_is_recognised_as_stale(tmp_path: Path) -> None:
    leave_state(tmp_path)
    with pytest.raises(NotRunningError, match="was ended from outside"):
        supervisor.find(tmp_path)


def test_a_system_that_ended_by_itself_has_said_why(tmp_path: Path) -> None:
    (tmp_path / "system.log").write_text("much\n" * 100 + "the bank's process ended by itself\n")
    with pytest.raises(NotRunningError) as none:
        supervisor.find(tmp_path)
    said = str(none.value).splitlines()
    assert said[0] == "no system is running; `make up` starts one"
    assert said[-1] == "the bank's process ended by itself"
    assert len(said) <= 2 + supervisor.LAST_WORDS


def test_stopping_what_is_gone_already_removes_what_it_left(tmp_path: Path) -> None:
    leave_state(tmp_path / "up")
    assert "was gone already" in supervisor.stop(tmp_path / "up")
    assert not (tmp_path / "up").exists()


def test_a_system_that_runs_is_found_by_its_state(tmp_path: Path) -> None:
    with held(tmp_path):
        leave_state(tmp_path)
        assert supervisor.find(tmp_path) == STATE


def test_a_system_without_a_state_yet_is_still_starting(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(NotRunningError, match="still starting or stopping"):
        supervisor.find(tmp_path)


def test_a_new_system_shares_nothing_with_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_state(tmp_path)
    (tmp_path / "engine" / "state").mkdir(parents=True)
    monkeypatch.setattr(supervisor.sys, "executable", "/bin/false")
    with pytest.raises(EndedError, match="did not start"):
        supervisor.start(tmp_path, None)
    assert {left.name for left in tmp_path.iterdir()} == {"lock", "system.log"}
