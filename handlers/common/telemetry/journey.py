"""What happens to one message, as events that a support person can follow by customer.

message_received, validation_started, validation_completed, bank_called, then one of completed,
rejected, dead_lettered, outcome_unknown, deferred, duplicate: each at most once in an attempt, and
in this order. No event holds bank details.
"""

import os

from handlers.common.errors import Deferred, OwnFailure
from handlers.common.ledger.entries import Reason, Status
from handlers.common.messages.delivery import Delivery
from handlers.common.telemetry.logs import defect_of, logger


class Journey:
    """The events of one attempt.

    Args:
        delivery: The message.
        generation: The circuit's, under which it is worked; None where it could not be read.

    Attributes:
        answered: Whether the bank answered in it.
    """

    def __init__(self, delivery: Delivery, generation: int | None) -> None:
        self.answered = False
        self._bank_seconds: float | None = None
        self._fields: dict[str, object] = {
            "environment": os.environ.get("ENVIRONMENT", "standalone"),
            "customer_id": delivery.group,
            "carrier": delivery.carrier,
            "correlation_id": delivery.correlation_id,
            "trace_id": delivery.trace_id,
            "generation": generation,
        }
        self._tell("message_received")

    def validation_started(self) -> None:
        """It is being read."""
        self._tell("validation_started")

    def identified(self, customer_id: str, message_id: str) -> None:
        """Whom it is about; from here on every event says so."""
        self._fields |= {"customer_id": customer_id, "message_id": message_id}

    def validation_completed(self) -> None:
        """It is what it has to be."""
        self._tell("validation_completed")

    def bank_called(self) -> None:
        """The request leaves."""
        self._tell("bank_called")

    def bank_answered(self, seconds: float) -> None:
        """The bank said yes or no after so many seconds."""
        self.answered, self._bank_seconds = True, seconds

    def ended(self, end: Status, reason: Reason | None) -> None:
        """It is at its end."""
        code = reason.code if reason else None
        self._tell(end.value, code=code, bank_seconds=self._bank_seconds)

    def duplicate(self, known: Status) -> None:
        """It had ended before."""
        self._tell("duplicate", known=known.value)

    def deferred(self, why: Deferred) -> None:
        """It goes back to the queue."""
        own = isinstance(why, OwnFailure)
        self._tell("deferred", why=type(why).__name__, detail=str(why), own=own)

    def defect(self, error: Exception) -> None:
        """Our own code broke."""
        logger.error("defect", extra={**self._fields, **defect_of(error)})

    def _tell(self, event: str, **more: object) -> None:
        logger.info(event, extra={"event": event, **self._fields, **more})
