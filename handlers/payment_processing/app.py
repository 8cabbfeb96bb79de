"""payment-processing: takes payments of utility bills from customers' accounts."""

from decimal import Decimal
from typing import Any

from handlers.common.service import Context, service
from handlers.common.settings import decimal, one_of
from handlers.common.standalone import standalone
from handlers.payment_processing.payments import FeeSchedule, Payments


def _payments() -> Payments:
    if standalone():
        return Payments(FeeSchedule(Decimal(100), Decimal("0.025")), wait_for_account=False)
    fees = FeeSchedule(decimal("FEE_THRESHOLD"), decimal("FEE_RATE"))
    return Payments(fees, wait_for_account=one_of("MISSING_ACCOUNT", "reject", "wait") == "wait")


_service = service(_payments())


def handler(event: object, context: Context) -> dict[str, Any]:
    """Lambda's entry point."""
    return _service.handle(event, context)
