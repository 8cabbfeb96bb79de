"""The operator's command as it is typed, against a running system."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from control.__main__ import main
from local.access import Access, State
from local.bank.faults import Fault
from tests.integration.control.transactions import pay
from tests.waiting import until

ROOT = Path(__file__).parents[3]
PAYMENTS = "payment-processing"


@dataclass(frozen=True)
class Result:
    """What a script sees of a command."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


@pytest.fixture
def run(running: State, directory: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: a new one would pay its imports each time."""
    assert running.pid

    def control(*arguments: str) -> Result:
        capsys.readouterr()
        try:
            code = main(["--directory", str(directory), "--json", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return control


def answered(result: Result) -> Any:  # noqa: ANN401 - a document
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def service_of(run: Run, name: str = PAYMENTS) -> dict[str, Any]:
    (found,) = [s for s in answered(run("status"))["services"] if s["service"] == name]
    return found


def journey_until(run: Run, customer: str, event: str, *options: str) -> list[dict[str, Any]]:
    end = time.monotonic() + 20
    while True:
        result = run("journey", customer, *options)
        events = json.loads(result.stdout)
        if any(one["event"] == event for one in events):
            return events
        assert time.monotonic() < end, f"{customer} met no {event}: {result}"
        time.sleep(0.2)


def test_a_hold_stops_the_subscription_and_ends_with_enable(run: Run, access: Access) -> None:
    held = answered(run("--yes", "disable", PAYMENTS, "--reason", "bank window", "--for", "1h"))
    assert (held["circuit"], held["mapping"]) == ("held", "Disabled")
    seen = service_of(run)
    assert (seen["circuit"], seen["why"], seen["cause"]) == ("held", "bank window", "operator")
    assert seen["hold_until"] > seen["since"]
    mapping = access.functions.list_event_source_mappings(
        FunctionName=access.outputs.function_names[PAYMENTS]
    )["EventSourceMappings"][0]
    assert mapping.get("State") == "Disabled"
    resumed = answered(run("--yes", "enable", PAYMENTS, "--reason", "over"))
    assert resumed["mapping"] == "Enabled"
    history = answered(run("history", PAYMENTS))
    ends = [(one["from_state"], one["to_state"], one["why"]) for one in history]
    assert ("closed", "held", "bank window") in ends
    assert ("held", "half_open", "over") in ends


def test_without_yes_and_without_a_terminal_nothing_is_done(run: Run) -> None:
    before = service_of(run)["generation"]
    refused = run("disable", PAYMENTS, "--reason", "no")
    assert refused.returncode == 4
    assert "--yes" in refused.stderr
    assert service_of(run)["circuit"] in {"closed", "half_open"}
    assert service_of(run)["generation"] - before <= 1  # a ramp may have passed


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--yes", "disable", "no-such", "--reason", "x"), 6, "there are bank-account-setup"),
        (("probe", "bank-account-setup"), 6, "there is nothing to probe"),
        (("--yes", "disable", PAYMENTS, "--reason", "x", "--for", "soon"), 2, "no duration"),
        (("--yes", "disable", PAYMENTS), 2, "--reason"),
    ],
)
def test_what_cannot_be_done_has_an_exit_code_and_says_why(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_journey_has_each_event_of_the_customer_once_in_order_and_no_others(
    run: Run, access: Access
) -> None:
    pay(access, "cust-journey", "journey-1")
    pay(access, "cust-journey-2", "journey-2")
    events = journey_until(run, "cust-journey", "completed")
    assert [one["event"] for one in events] == [
        "message_received",
        "validation_started",
        "validation_completed",
        "bank_called",
        "completed",
    ]
    assert {one["customer_id"] for one in events} == {"cust-journey"}
    assert len({one["correlation_id"] for one in events}) == 1
    assert all(one["trace_id"] for one in events)


def test_a_journey_takes_a_pattern_s_letters_for_what_they_are(run: Run, access: Access) -> None:
    pay(access, 'odd"*}', "odd-1")
    assert journey_until(run, 'odd"*}', "completed")
    nobody = run("journey", "odd*")
    assert (nobody.returncode, json.loads(nobody.stdout)) == (3, [])


def test_dead_letters_are_counted_by_reason_and_can_be_redriven(run: Run, access: Access) -> None:
    pay(access, "cust-letters", "letter-1", amount="-1.00")
    journey_until(run, "cust-letters", "rejected")
    letters = answered(run("dead-letters", PAYMENTS))
    assert letters["dead_letters"] == 1
    assert letters["reasons"] == [{"end": "rejected", "code": "invalid_message", "messages": 1}]
    assert run("redrive", PAYMENTS).returncode == 4
    moved = answered(run("--yes", "redrive", PAYMENTS, "--code", "invalid_message"))
    assert (moved["moved"], moved["held_back"]) == (1, 0)
    again = journey_until(run, "cust-letters", "rejected")
    assert {one["message_id"] for one in again if one["message_id"]} == {"letter-1"}


def test_a_probe_of_an_open_circuit_is_decided_and_a_healed_bank_is_called_again(
    run: Run, access: Access
) -> None:
    access.bank.break_with(Fault(kind="fail", status=503))
    pay(access, "cust-probe", "probe-1")
    until(lambda: service_of(run)["circuit"] == "open", "the open circuit")
    unwell = run("probe", PAYMENTS)
    if unwell.returncode == 0:  # the schedule may have been quicker to close it
        assert json.loads(unwell.stdout)["circuit"] == "open"
    access.bank.heal()
    assert journey_until(run, "cust-probe", "completed")


def test_a_service_that_is_resumed_too_early_says_at_once_that_it_opened_again(
    run: Run, access: Access
) -> None:
    answered(run("--yes", "disable", PAYMENTS, "--reason", "bank window"))
    access.bank.break_with(Fault(kind="fail", status=503))
    pay(access, "cust-early", "early-1")
    resumed = run("--yes", "enable", PAYMENTS, "--reason", "too early")
    access.bank.heal()
    # The mapping may have been seen enabled before the first failure.
    assert resumed.returncode in {0, 3}, resumed.stderr
    if resumed.returncode == 3:
        assert "open again: the bank answered 503" in resumed.stderr
    assert journey_until(run, "cust-early", "completed")


@pytest.mark.parametrize(
    "line", [("status", "--wait", "5s", "--yes"), ("status", "--wait=5s", "-y")]
)
def test_options_of_every_command_may_stand_behind_it(run: Run, line: tuple[str, ...]) -> None:
    assert answered(run(*line))["stack"] == "local"


def test_a_journey_of_one_message_begins_with_its_receipt(run: Run, access: Access) -> None:
    pay(access, "cust-two", "two-1")
    pay(access, "cust-two", "two-2")
    events = journey_until(run, "cust-two", "completed", "--message", "two-2")
    assert events[0]["event"] == "message_received"
    assert {one["message_id"] for one in events} == {None, "two-2"}


def test_check_tells_scripts_that_a_service_is_held(run: Run) -> None:
    answered(run("--yes", "disable", PAYMENTS, "--reason", "bank window"))
    result = run("status", "--check")
    answered(run("--yes", "enable", PAYMENTS, "--reason", "over"))
    assert (result.returncode, json.loads(result.stdout)["well"]) == (3, False)


def test_watch_gives_one_document_for_each_look(run: Run) -> None:
    result = run("watch", "--looks", "2", "--every", "1s")
    assert result.returncode == 0, result.stderr
    looks = [json.loads(line) for line in result.stdout.splitlines()]
    assert [look["stack"] for look in looks] == ["local", "local"]


def test_as_a_program_it_is_one_message_and_an_exit_code(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "control", "--directory", str(tmp_path), "status"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "no local system is running; `make up` starts one\n"
