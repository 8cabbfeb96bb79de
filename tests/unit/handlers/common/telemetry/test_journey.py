"""A customer's journey: which events, in which order, with what, and never with bank details."""

import json
from typing import Any

import pytest

from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.errors import BankUnavailable
from handlers.common.telemetry import journey
from tests.replacing import replace_method
from tests.unit.handlers.common.figures import RETRY
from tests.unit.handlers.common.records import payment, record
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

ROUTING, ACCOUNT = "021000021", "98765432101234567"
TRACE = "1-5759e988-bd862e3fe1be46a994272793"


class Log:
    """Takes what is logged."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, message: str, extra: dict[str, Any]) -> None:
        self.lines.append({"message": message, **extra})

    error = info


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    log = Log()
    monkeypatch.setattr(journey, "logger", log)
    monkeypatch.setenv("ENVIRONMENT", "dev")
    return log


def events(log: Log) -> list[str]:
    return [line["event"] for line in log.lines if "event" in line]


START = ["message_received", "validation_started", "validation_completed"]


@pytest.mark.parametrize(
    ("script", "ends"),
    [
        ("ok", [*START, "bank_called", "completed"]),
        ("402", [*START, "bank_called", "rejected"]),
        ("500", [*START, "bank_called", "deferred"]),
    ],
)
def test_an_attempt_tells_each_event_once_and_in_order(
    log: Log, script: str, ends: list[str]
) -> None:
    world = World()
    world.bank.script = [script]
    world.batch(payment())
    assert events(log) == ends


def test_the_end_tells_how_long_the_bank_took(log: Log) -> None:
    world = World()
    world.slow(world.bank, "call", 7)
    world.batch(payment())
    assert log.lines[-1]["bank_seconds"] == 7


def test_an_invalid_message_never_completes_its_validation(log: Log) -> None:
    World().batch(record('{"message_id": "m1", "customer_id": "c1"}'))
    assert events(log) == ["message_received", "validation_started", "rejected"]
    assert log.lines[-1]["message_id"] == "m1"


def test_an_open_circuit_defers_before_anything_is_read(log: Log) -> None:
    world = World(FIRST_FAILURE)
    world.bank.script = ["500"]
    world.batch(payment())
    log.lines.clear()
    world.batch(payment("m2", customer="c2"))
    assert events(log) == ["message_received", "deferred"]
    assert {line["generation"] for line in log.lines} == {1}


def test_a_ledger_that_fails_defers_in_the_middle_of_the_validation(log: Log) -> None:
    world = World()
    world.tap.fail("ledger.begin")
    world.batch(payment())
    assert events(log) == ["message_received", "validation_started", "deferred"]
    assert (log.lines[-1]["why"], log.lines[-1]["message_id"]) == ("AwsUnavailable", "m1")


def test_a_duplicate_and_an_unknown_outcome_have_events_of_their_own(log: Log) -> None:
    world = World()
    world.bank.script = ["booked, then cut"]
    world.batch(payment())
    world.now += RETRY.key_memory
    world.bank.can_say = False
    log.lines.clear()
    world.batch(payment())
    world.batch(payment())
    assert events(log) == [
        *START,
        "bank_called",
        "outcome_unknown",
        *START,
        "duplicate",
    ]


def test_a_dead_letter_is_told_with_its_defect(log: Log) -> None:
    world = World()
    world.bank.always["c1"] = "defect"
    for _ in range(RETRY.max_attempts):
        world.succeed()
        log.lines.clear()
        world.now += 1
        world.batch(payment())
    assert events(log) == [*START, "bank_called", "dead_lettered"]
    assert [line["message"] for line in log.lines].count("defect") == 1


def test_every_event_says_whose_and_under_what_it_is(log: Log) -> None:
    message = payment(attributes={"correlation_id": "corr-1"})
    message["attributes"]["AWSTraceHeader"] = f"Root={TRACE};Parent=53995c3f42cd8ad8;Sampled=1"
    world = World()
    world.batch(message)
    for line in log.lines:
        assert line["environment"] == "dev"
        assert line["customer_id"] == "c1"
        assert line["correlation_id"] == "corr-1"
        assert line["trace_id"] == TRACE
        assert line["generation"] == 0
    assert log.lines[-1]["message_id"] == "m1"
    assert world.bank.requests[0].headers == {
        "X-Correlation-Id": "corr-1",
        "X-Amzn-Trace-Id": f"Root={TRACE}",
    }
    assert world.sink.outcomes[0].correlation_id == "corr-1"


@pytest.mark.parametrize("correlation", ["x" * 200, "two words", "line\nfeed", ""])
def test_a_correlation_id_that_is_none_is_replaced_by_the_messages_own(
    log: Log, correlation: str
) -> None:
    World().batch(payment(attributes={"correlation_id": correlation}))
    assert {line["correlation_id"] for line in log.lines} == {"sqs-m1"}


def account(**changes: object) -> dict[str, Any]:
    body = {
        "message_id": "m1",
        "transaction_type": "bank_account_setup",
        "customer_id": "c1",
        "routing_number": ROUTING,
        "account_number": ACCOUNT,
        **changes,
    }
    return record(json.dumps(body))


@pytest.mark.parametrize("end", ["ok", "402", "500", "defect", "invalid", "unreadable"])
def test_no_number_of_an_account_is_written_anywhere(log: Log, end: str) -> None:
    world = World()
    world.kind = BankAccounts(verify_checksum=True)
    call = world.bank.call

    def telling(*given: Any) -> str:  # noqa: ANN401 - passed on
        if end == "defect":
            raise ValueError(f"no account {ACCOUNT} at {ROUTING}")
        if end == "500":
            raise BankUnavailable("the bank answered 500", sent=True, status=500)
        return call(*given)

    replace_method(world.bank, "call", telling)
    world.start()
    world.bank.script = [end if end == "402" else "ok"]
    message = account(account_type=f"offshore {ACCOUNT}" if end == "invalid" else "checking")
    if end == "unreadable":
        message["body"] = message["body"][:-1]
    world.batch(message)
    seen = json.dumps(log.lines) + repr(world.sink.outcomes) + repr(world.ledger.entries)
    seen += repr([(entry.code, entry.detail) for _, entry in world.sink.letters])
    assert ACCOUNT not in seen
    assert ROUTING not in seen
    assert log.lines


def test_a_defect_is_told_by_its_place_and_not_by_its_text(log: Log) -> None:
    world = World()
    world.bank.script = ["defect"]
    world.batch(payment())
    (defect,) = [line for line in log.lines if line["message"] == "defect"]
    assert defect["error"] == "ZeroDivisionError"
    assert any("fake_bank.py" in frame for frame in defect["frames"])
    assert "12345678" not in json.dumps(log.lines)
