"""Each request is measured and traced, without bank details or the key."""

import pytest

from handlers.common.bank.client import BankRequest, HttpBank
from handlers.common.errors import BankRejection, BankUnavailable
from handlers.common.telemetry.tally import tally
from handlers.common.telemetry.tracing import Call
from tests.unit.handlers.common.bank.scripted_bank import KEY, REQUEST, Script, answers


def test_each_request_is_measured(bank: HttpBank, script: Script) -> None:
    answers(script, 201)
    bank.call(REQUEST, KEY)
    answers(script, 503)
    script.answers.append(None)
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            bank.call(REQUEST, KEY)
    assert dict(tally.counts) == {"BankStatus2xx": 1, "BankStatus5xx": 1, "BankStatusNone": 1}
    assert len(tally.times["BankLatency"]) == 3


def test_each_request_is_told_to_the_trace(
    bank: HttpBank, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Call] = []
    monkeypatch.setattr("handlers.common.bank.client.trace", told.append)
    answers(script, 503)
    script.answers.append(None)
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            bank.call(REQUEST, KEY)
    assert [call.status for call in told] == [503, None]
    assert {(call.name, call.method, call.correlation_id) for call in told} == {
        ("bank", "POST", "corr")
    }
    assert all(call.url.endswith("/v1/payments") and call.seconds > 0 for call in told)


def test_a_trace_tells_neither_bank_details_nor_the_api_key(
    bank: HttpBank, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "98765432101234567"
    told: list[Call] = []
    monkeypatch.setattr("handlers.common.bank.client.trace", told.append)
    answers(script, 422, {"code": "unknown_account", "message": f"no account {number}"})
    details = {"account_number": number, "routing_number": "021000021"}
    with pytest.raises(BankRejection):
        bank.call(BankRequest("/v1/bank-accounts", details), KEY)
    assert len(told) == 1
    assert not [secret for secret in (number, "021000021", "key-1") if secret in str(told)]
