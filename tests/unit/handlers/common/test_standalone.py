"""A container that was started alone, by hand."""

import io
import json
from decimal import Decimal

import pytest

from handlers.common.standalone import standalone_worker
from handlers.common.telemetry.logs import logger
from handlers.payment_processing.payments import FeeSchedule, Payments
from tests.unit.handlers.common.records import payment


def test_each_outcome_is_written_down_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(logger.handlers[0], "stream", written)
    logger.setLevel("INFO")
    kind = Payments(FeeSchedule(Decimal(100), Decimal("0.025")), wait_for_account=False)

    standalone_worker(kind).batch([payment("m1")], 30)

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (told,) = [line for line in lines if line["message"] == "outcome"]
    assert (told["outcome"], told["key"]) == ("completed", "payment#m1")
