"""One invocation of the worker, and what its answer means."""

import io
from typing import Any
from unittest.mock import Mock

import pytest

from handlers.common import aws
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.probes import ProbeAnswer
from handlers.subscription_manager.lambda_prober import LambdaProber
from tests.unit.handlers.subscription_manager.services import PAYMENTS


def invoked(
    stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch, payload: bytes, **answer: str
) -> ProbeAnswer:
    client, stub = stubbed["lambda"]
    waits: list[float] = []

    def functions(read_timeout: float) -> Any:  # noqa: ANN401 - a boto3 client
        waits.append(read_timeout)
        return client

    monkeypatch.setattr(aws, "functions", functions)
    stub.add_response(
        "invoke",
        {"StatusCode": 200, "Payload": io.BytesIO(payload), **answer},
        {
            "FunctionName": PAYMENTS.function,
            "InvocationType": "RequestResponse",
            "Payload": b'{"probe":{"service":"payments","generation":3,"lease":"owner-1"}}',
        },
    )
    result = LambdaProber().probe(PAYMENTS, 3, "owner-1")
    assert waits
    assert waits[0] > PAYMENTS.timeout
    return result


def test_a_probes_answer_is_read(stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    payload = b'{"verdict": "unwell", "why": "503", "cool_down": 7, "sent_at": 1.5, "new": 1}'

    assert invoked(stubbed, monkeypatch, payload) == ProbeAnswer(
        verdict=Verdict.UNWELL, why="503", cool_down=7, sent_at=1.5
    )


@pytest.mark.parametrize("payload", [b"", b"null", b"{}", b'{"verdict": "splendid"}', b"\xff"])
def test_an_answer_that_makes_no_sense_is_undecided(
    payload: bytes, stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoked(stubbed, monkeypatch, payload).verdict is Verdict.UNDECIDED


def test_a_worker_that_failed_is_undecided_whatever_it_says(
    stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = invoked(stubbed, monkeypatch, b'{"verdict": "well"}', FunctionError="Unhandled")

    assert answer.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("code", ["TooManyRequestsException", "AccessDeniedException"])
def test_an_invocation_that_was_refused_is_undecided(
    code: str, stubbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stub = stubbed["lambda"]
    monkeypatch.setattr(aws, "functions", Mock(return_value=client))
    stub.add_client_error("invoke", code)

    assert LambdaProber().probe(PAYMENTS, 3, "owner-1").verdict is Verdict.UNDECIDED
