"""The services in the manager's care, and the rules of their circuits."""

from msgspec.structs import replace

from handlers.subscription_manager.settings import Managed
from tests.unit.handlers.rules import FIRST_FAILURE

RULES = replace(FIRST_FAILURE, ramp=90)
RETENTION = 14 * 24 * 3600.0
FULL = 20


def managed(service: str, timeout: float = 30) -> Managed:
    return Managed(
        service=service,
        function=f"fn-{service}",
        mapping=f"mapping-{service}",
        queue=f"https://sqs/{service}.fifo",
        dead_letter_queue=f"https://sqs/{service}-dlq.fifo",
        concurrency=FULL,
        alarm=f"{service}-errors",
        timeout=timeout,
    )


PAYMENTS, SETUP = managed("payments"), managed("setup")
