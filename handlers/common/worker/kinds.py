"""What a service has to say about its own kind of transaction. All else is shared."""

from typing import Any, Protocol, TypeVar

from handlers.common.bank.client import BankRequest
from handlers.common.errors import BankRejection, ServiceError
from handlers.common.messages.transactions import Transaction

T = TypeVar("T", bound=Transaction)


class Kind(Protocol[T]):
    """One kind of transaction, worked off by one service."""

    transaction_type: str
    message: type[T]
    id_optional: bool
    """Whether a direct invocation may come without a message id. A payment's repeat would pay
    twice."""

    def check(self, transaction: T) -> None:
        """Raises InvalidMessage where the business says no before the bank is asked.

        It asks nobody: what fails here cannot release the message's entry.
        """
        ...

    def request(self, transaction: T) -> BankRequest:
        """What the bank is asked for. Who asks AWS for it does so within `aws_errors`."""
        ...

    def details(self, transaction: T) -> dict[str, Any]:
        """What the outcome tells of it: `amount` and `fee` of a payment."""
        ...

    def refused(self, rejection: BankRejection, sent_at: float, now: float) -> ServiceError:
        """What the bank's no means: the rejection itself, or that we wait."""
        ...
