"""A careless publisher: its transactions hold numbers where none belong."""

import json
import random
from typing import Any

from components.services import SERVICES
from local import routing_numbers
from local.access import Access
from local.privilege.messages import message, spoilt

ACCOUNT_DIGITS = 17
"""As many as an account number may have: no other number in a log is so long by chance."""
TYPES = {service.name: service.transaction_type for service in SERVICES}


class Publisher:
    """Publishes to one system, and knows what it has sent.

    Attributes:
        sent: How many transactions; the last one is `m-` and this number.
        numbers: Every account and routing number among them.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._chance = random.Random()  # noqa: S311 - numbers that only must not repeat
        self.sent = 0
        self.numbers: list[str] = []

    def send(
        self, service: str, *, count: int, bad: bool = False, customer: str | None = None
    ) -> None:
        """Publish transactions of a service, each of a customer of its own if none is named."""
        for _ in range(count):
            self.sent += 1
            sent = self._message(service, bad=bad)
            sent["customer_id"] = customer or sent["customer_id"]
            self._access.sns.publish(
                TopicArn=self._access.outputs.transaction_topic_arn,
                Message=json.dumps(sent),
                MessageGroupId=sent["customer_id"],
                MessageDeduplicationId=sent["message_id"],
                MessageAttributes={
                    "transaction_type": {"DataType": "String", "StringValue": TYPES[service]}
                },
            )

    def _message(self, service: str, *, bad: bool) -> dict[str, Any]:
        account = str(self._chance.randrange(10 ** (ACCOUNT_DIGITS - 1), 10**ACCOUNT_DIGITS))
        routing = routing_numbers.drawn(self._chance)
        self.numbers += [account, routing]
        ids = {"message_id": f"m-{self.sent}", "customer_id": f"c-{self.sent}"}
        good = message(TYPES[service], ids, (account, routing))
        return spoilt(good) if bad else good
