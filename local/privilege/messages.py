"""The transactions of the play, a good and a spoilt one of each service.

Each holds an account and a routing number, also where a careless publisher sends them for nothing:
they must not come to light anywhere.
"""

from collections.abc import Mapping
from typing import Any

OWN_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "payment": {"amount": "12.50", "payment_method": "ach"},
}
"""What a good message has to hold besides, by its type. A service that demands a field needs it."""


def message(transaction_type: str, ids: Mapping[str, str], numbers: tuple[str, str]) -> Any:  # noqa: ANN401 - JSON
    """A good message: `ids` of message and customer, `numbers` of account and routing."""
    account, routing = numbers
    return {
        **ids,
        "transaction_type": transaction_type,
        "account_number": account,
        "routing_number": routing,
        **OWN_FIELDS.get(transaction_type, {}),
    }


def spoilt(good: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the same
    """What no service takes, where possible with a number in the very field that is wrong."""
    if good["transaction_type"] == "bank_account_setup":
        return {**good, "account_number": f"{good['account_number']}-{good['account_number']}"}
    if "amount" in good:
        return {**good, "amount": "-1"}
    return {**good, "transaction_type": good["account_number"]}
