"""A bank account: its routing number's checksum, what the bank is asked."""

from typing import Any

from handlers.common.bank.client import BankRequest
from handlers.common.errors import BankRejection, InvalidMessage, ServiceError
from handlers.common.messages.transactions import BankAccountSetup

WEIGHTS = (3, 7, 1) * 3


def checksum_holds(routing_number: str) -> bool:
    """The ABA's checksum: the weighted digits add up to a multiple of ten.

    https://en.wikipedia.org/wiki/ABA_routing_transit_number#Check_digit
    """
    digits = map(int, routing_number)
    return sum(w * d for w, d in zip(WEIGHTS, digits, strict=True)) % 10 == 0


class BankAccounts:
    """The kind of transaction that bank-account-setup works off.

    Args:
        verify_checksum: Whether a routing number must have the ABA's checksum.
    """

    transaction_type = "bank_account_setup"
    message = BankAccountSetup
    id_optional = True

    def __init__(self, *, verify_checksum: bool) -> None:
        self._verify = verify_checksum

    def check(self, transaction: BankAccountSetup) -> None:
        """See Kind."""
        if self._verify and not checksum_holds(transaction.routing_number):
            raise InvalidMessage("invalid_routing_number", "the ABA checksum does not hold")

    def request(self, transaction: BankAccountSetup) -> BankRequest:
        """See Kind."""
        return BankRequest(
            "/v1/bank-accounts",
            {
                "customer_id": transaction.customer_id,
                "routing_number": transaction.routing_number,
                "account_number": transaction.account_number,
                "account_type": transaction.account_type,
            },
        )

    def details(self, transaction: BankAccountSetup) -> dict[str, Any]:
        """See Kind. Nothing of an account is told."""
        del transaction
        return {}

    def refused(self, rejection: BankRejection, sent_at: float, now: float) -> ServiceError:
        """See Kind."""
        del sent_at, now
        return rejection
