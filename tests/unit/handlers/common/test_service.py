"""The three kinds of event that a worker takes, and what is none of them."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.errors import Crashed, SettingsError
from handlers.common.service import Service, service
from handlers.common.worker.attempts import NotDone
from handlers.payment_processing.payments import FeeSchedule, Payments
from tests.unit.handlers.common.records import payment, record

PAYMENT = {"message_id": "m1", "customer_id": "c1", "amount": "120.00", "payment_method": "bank"}
ACCOUNT = {"customer_id": "test-123", "routing_number": "123456789", "account_number": "987654321"}


class Context:
    def __init__(self) -> None:
        self.aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the system, and not in AWS: the stand-alone mode."""
    for name in ("CIRCUIT_TABLE", "AWS_SESSION_TOKEN", "SERVICE"):
        monkeypatch.delenv(name, raising=False)


def payments() -> Service[Any]:
    return service(Payments(FeeSchedule(Decimal(100), Decimal("0.025")), wait_for_account=False))


def accounts() -> Service[Any]:
    return service(BankAccounts(verify_checksum=False))


def asked(worker: Service[Any], event: object) -> dict[str, Any]:
    return worker.handle(event, Context())


def test_a_batch_is_answered_with_its_failures() -> None:
    records = [payment("m1"), payment("m2", customer="ERROR500"), record("no JSON")]
    answer = asked(payments(), {"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "sqs-m2"}]}


def test_one_transaction_as_the_event_is_answered_with_its_outcome() -> None:
    answer = asked(payments(), PAYMENT)
    assert (answer["message_id"], answer["outcome"]) == ("m1", "completed")
    assert answer["reference"]


def test_a_repeat_is_answered_with_the_first_outcome() -> None:
    worker = payments()
    first = asked(worker, PAYMENT)
    again = asked(worker, PAYMENT)
    assert again["duplicate"] is True
    assert again["reference"] == first["reference"]


def test_the_same_id_with_another_body_is_rejected() -> None:
    worker = payments()
    asked(worker, PAYMENT)
    answer = asked(worker, PAYMENT | {"amount": "7"})
    assert (answer["outcome"], answer["reason"]["code"]) == ("rejected", "id_reused")


def test_a_bank_account_may_come_without_an_id_and_gets_one() -> None:
    answer = asked(accounts(), ACCOUNT)
    assert answer["outcome"] == "completed"
    assert answer["message_id"].startswith("direct-")


def test_a_payment_without_an_id_is_refused_by_name() -> None:
    event = {key: value for key, value in PAYMENT.items() if key != "message_id"}
    answer = asked(payments(), event)
    assert answer["outcome"] == "rejected"
    assert "message_id" in answer["reason"]["detail"]


@pytest.mark.parametrize(
    ("customer", "outcome"), [("ERROR400-1", "rejected"), ("ERROR500-1", "deferred")]
)
def test_the_built_in_bank_knows_the_test_ids(customer: str, outcome: str) -> None:
    assert asked(payments(), PAYMENT | {"customer_id": customer})["outcome"] == outcome


def test_what_came_to_no_end_is_answered_with_the_reason_and_the_id_to_send_it_again_under() -> (
    None
):
    answer = msgspec.convert(asked(accounts(), ACCOUNT | {"customer_id": "ERROR500"}), NotDone)
    assert (answer.outcome, answer.reason.code) == ("deferred", "BankUnavailable")
    assert str(answer.message_id).startswith("direct-")
    refused = msgspec.convert(asked(accounts(), None), NotDone)
    assert (refused.outcome, refused.message_id) == ("rejected", None)


def deep() -> dict[str, Any]:
    event: dict[str, Any] = {}
    for _ in range(100_000):
        event = {"deeper": event}
    return event


@pytest.mark.parametrize(
    "event",
    [
        None,
        7,
        "text",
        [],
        {},
        {"Records": []},
        {"Records": "many"},
        {"Records": [{"eventSource": "aws:sns"}]},
        {"probe": {"service": "payment-processing", "generation": 1, "lease": "x"}},
        {"customer_id": "with space", **{k: v for k, v in PAYMENT.items() if k != "customer_id"}},
        PAYMENT | {"amount": float("nan")},
        PAYMENT | {"amount": float("inf")},
        PAYMENT | {"customer_id": "\ud800"},
        PAYMENT | {"message_id": None},
    ],
)
def test_any_other_event_is_refused_with_a_reason(event: object) -> None:
    for worker in (payments(), accounts()):
        answer = asked(worker, event)
        assert answer["outcome"] == "rejected"
        assert answer["reason"]["code"]


def test_an_event_that_is_nested_too_deep_is_refused() -> None:
    event = deep()
    assert asked(payments(), event)["reason"]["code"] == "unreadable_message"
    while event:
        event = event.pop("deeper")


def test_what_happened_is_counted_in_one_line_an_invocation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker = payments()
    asked(worker, {"Records": [payment("m1"), payment("m2"), record("no JSON")]})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (metrics,) = [line for line in lines if "_aws" in line]
    assert (metrics["Completed"], metrics["Rejected"]) == (2, 1)
    assert metrics["MoneyProcessed"] == 240.0
    (described,) = metrics["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "UtilityCustomerSystem"
    assert described["Dimensions"] == [["environment", "service"]]


def test_an_invocation_that_breaks_tells_what_it_did_until_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Crashed):
        asked(payments(), {"Records": [payment("m1"), {"eventSource": "aws:sqs"}]})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (metrics,) = [line for line in lines if "_aws" in line]
    assert metrics["Completed"] == 1


def test_an_invocation_that_does_nothing_counts_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked(payments(), None)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("variable", ["CIRCUIT_TABLE", "AWS_SESSION_TOKEN"])
def test_inside_aws_or_half_configured_there_is_no_stand_alone_mode(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "something")
    with pytest.raises(SettingsError) as wrong:
        payments()
    assert wrong.value.key in str(wrong.value)
