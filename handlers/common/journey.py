"""What happens to one message, as events that a support person can follow by customer.

message_received, validation_completed, bank_called, then one of completed, rejected,
dead_lettered, outcome_unknown, deferred, duplicate. No event holds bank details.
"""

from handlers.common.delivery import Delivery
from handlers.common.errors import Deferred
from handlers.common.ledger import Reason, Status
from handlers.common.telemetry import logger


class Journey:
    """The events of one attempt.

    Attributes:
        answered: Whether the bank answered in it.
        bank_seconds: How long the bank took.
    """

    def __init__(self, service: str, delivery: Delivery) -> None:
        self.answered = False
        self.bank_seconds: float | None = None
        self._fields: dict[str, object] = {
            "service_name": service,
            "customer_id": delivery.group,
            "carrier": delivery.carrier,
            "correlation_id": delivery.correlation_id,
        }
        self._tell("message_received")

    def validated(self, customer_id: str, message_id: str) -> None:
        """The message is readable and taken."""
        self._fields |= {"customer_id": customer_id, "message_id": message_id}
        self._tell("validation_completed")

    def bank_called(self) -> None:
        """The request leaves."""
        self._tell("bank_called")

    def bank_answered(self, seconds: float) -> None:
        """The bank said yes or no after so many seconds."""
        self.answered, self.bank_seconds = True, seconds

    def ended(self, end: Status, reason: Reason | None) -> None:
        """It is at its end."""
        self._tell(end.value, code=reason.code if reason else None, bank_seconds=self.bank_seconds)

    def duplicate(self, known: Status) -> None:
        """It had ended before."""
        self._tell("duplicate", known=known.value)

    def deferred(self, why: Deferred) -> None:
        """It goes back to the queue."""
        self._tell("deferred", why=type(why).__name__, detail=str(why))

    def defect(self, error: Exception) -> None:
        """Our own code broke: the trace goes to the log, without the values in it."""
        logger.error("defect", exc_info=error, extra=self._fields)

    def _tell(self, event: str, **more: object) -> None:
        logger.info(event, extra={"event": event, **self._fields, **more})
