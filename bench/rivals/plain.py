"""Plain SQS retry: every failure goes back to the queue, and the fifth receive is the last."""

from typing import Any

from bench.rivals.consumer import Failed, OneMessage, Rival
from handlers.common.errors import BankRejection


class Plain(Rival):
    """A consumer with partial batch responses and nothing else."""

    def worker(self) -> OneMessage:
        """See Rival."""
        call = self.client()

        def work(message: dict[str, Any]) -> None:
            try:
                call(message)
            except BankRejection:
                self.truth.end(message["message_id"], "rejected")
            except Exception as error:
                raise Failed from error
            else:
                self.truth.end(message["message_id"], "completed")

        return work
