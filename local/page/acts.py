"""What the page's buttons do: to the topics and the bank, as anybody outside would."""

import uuid
from collections.abc import Callable, Mapping

import msgspec

from control.orders import Orders
from local.access import Access
from local.bank.faults import Fault
from local.page.look import stack_of

PATIENCE = 15.0
"""Seconds to wait for a command's effect."""

BURST = 20
FAULTS = {
    "error": Fault(kind="fail", status=503),
    "slow": Fault(kind="slow", delay=5.0),
    "refuse": Fault(kind="refuse"),
}


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a button sends."""

    act: str
    service: str = "payment-processing"
    customer: str = "cust-001"
    amount: str = "120.00"
    fault: str = "error"


class UnknownAct(Exception):
    """There is no such button."""


class Acts:
    """The buttons of one system."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._orders = Orders(stack_of(access), PATIENCE)
        self._known: Mapping[str, Callable[[Wish], str]] = {
            "pay": self._pay,
            "burst": self._burst,
            "break": self._break,
            "heal": self._heal,
            "pause": self._pause,
            "resume": self._resume,
            "redrive": self._redrive,
        }

    def do(self, wish: Wish) -> str:
        """Do it; what was done, in a sentence.

        Raises:
            UnknownAct: There is no such button, or no such fault.
            ControlError: The manager refused it, or its effect was not seen in time.
        """
        if wish.act not in self._known or wish.fault not in FAULTS:
            raise UnknownAct(f"there is no {wish.act}, {wish.fault}")
        return self._known[wish.act](wish)

    def _pay(self, wish: Wish) -> str:
        message = self._publish(wish.customer, wish.amount)
        return f"{message}: {wish.amount} of {wish.customer} is published"

    def _burst(self, wish: Wish) -> str:
        for number in range(BURST):
            self._publish(f"cust-{number:03d}", wish.amount)
        return f"{BURST} payments of {BURST} customers are published"

    def _publish(self, customer: str, amount: str) -> str:
        message = f"page-{uuid.uuid4().hex[:8]}"
        payment = {
            "message_id": message,
            "transaction_type": "payment",
            "customer_id": customer,
            "amount": amount,
            "payment_method": "card",
        }
        self._access.sns.publish(
            TopicArn=self._access.outputs.transaction_topic_arn,
            Message=msgspec.json.encode(payment).decode(),
            MessageGroupId=customer,
            MessageDeduplicationId=message,
            MessageAttributes={
                "transaction_type": {"DataType": "String", "StringValue": "payment"}
            },
        )
        return message

    def _break(self, wish: Wish) -> str:
        self._access.bank.break_with(FAULTS[wish.fault])
        return f"the bank is broken: {wish.fault}"

    def _heal(self, wish: Wish) -> str:
        del wish
        self._access.bank.heal()
        return "the bank is well again; each circuit finds out by its next probe"

    def _pause(self, wish: Wish) -> str:
        effect = self._orders.disable(wish.service, "paused on the local page", None)
        return f"{wish.service} is {effect.circuit}, its mapping is {effect.mapping}"

    def _resume(self, wish: Wish) -> str:
        effect = self._orders.enable(wish.service, "resumed on the local page")
        return f"{wish.service} is {effect.circuit}, its mapping is {effect.mapping}"

    def _redrive(self, wish: Wish) -> str:
        moved = self._orders.redrive(wish.service, "redriven on the local page", {})
        held = f", {moved.held_back} held back" if moved.held_back else ""
        return f"{moved.moved} dead letters of {wish.service} went back to their queue{held}"
