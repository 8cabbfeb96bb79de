"""An image that does not start is deployed: the alarm stops it, and nothing is lost."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from local.compute import Code
from local.compute.code import handler_of_service
from local.project import ROOT
from local.queues import depth
from local.system import System
from tests.waiting import until

SERVICE = "payment-processing"
PATIENCE = 120.0
LOOK = 0.3
PAYMENTS = 8
SETTINGS = {
    # What a dead worker received is hidden for six timeouts.
    "services": json.dumps({SERVICE: {"timeout": 5, "concurrency": 10, "memory": 256}}),
}


class Deployed:
    """Which image the service has: one that starts, or one whose code cannot be imported."""

    broken = False

    def __call__(self, environment: Mapping[str, str]) -> Code:
        if self.broken and environment["SERVICE"] == SERVICE:
            return Code(handler="handlers.not_in_the_image.handler", root=ROOT)
        return handler_of_service(environment)


class Payments:
    """The running system, as far as the payments are concerned."""

    def __init__(self, system: System, image: Deployed) -> None:
        self.system, self.access, self._image = system, system.access, image

    def deploy(self, digest: str, *, broken: bool) -> None:
        """Give the function another image, as an update does."""
        self._image.broken = broken
        name = self.access.outputs.function_names[SERVICE]
        uri = self.access.functions.get_function(FunctionName=name)["Code"].get("ImageUri", "")
        self.access.functions.update_function_code(
            FunctionName=name, ImageUri=f"{uri.partition('@')[0]}@sha256:{digest * 64}"
        )

    def starts(self) -> bool:
        """Whether the function's image starts, by a batch without a message."""
        name = self.access.outputs.function_names[SERVICE]
        answer = self.access.functions.invoke(FunctionName=name, Payload='{"Records": []}')
        return "FunctionError" not in answer

    def pay(self, number: int) -> None:
        body = {
            "message_id": f"pay-{number}",
            "transaction_type": "payment",
            "customer_id": f"cust-{number}",
            "amount": "10.00",
            "payment_method": "ach",
        }
        self.access.sns.publish(
            TopicArn=self.access.outputs.transaction_topic_arn,
            Message=json.dumps(body),
            MessageGroupId=f"cust-{number}",
            MessageDeduplicationId=f"pay-{number}",
            MessageAttributes={
                "transaction_type": {"DataType": "String", "StringValue": "payment"}
            },
        )

    def status(self) -> Mapping[str, Any]:
        """What the manager says of the service."""
        answer = self.access.functions.invoke(
            FunctionName=self.access.outputs.function_names["subscription-manager"],
            Payload=json.dumps({"action": "status", "service": SERVICE}),
        )
        return json.load(answer["Payload"])["services"][0]["status"]

    def booked(self) -> list[str]:
        """What the bank has booked, in order."""
        return [booking.key for booking in self.access.bank.books().bookings]


def wait(condition: Callable[[], bool], payments: Payments, what: str) -> None:
    def seen() -> str:
        return f"{what}: {payments.status()}, {payments.booked()}"

    until(condition, seen, within=PATIENCE, every=LOOK)


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Payments]:
    image = Deployed()
    directory = tmp_path_factory.mktemp("broken")
    with System.start(directory, settings=SETTINGS, resolver=image) as system:
        payments = Payments(system, image)
        payments.deploy("1", broken=True)
        # The image before serves until the update is through, here as on AWS.
        wait(lambda: not payments.starts(), payments, "the broken image")
        for number in range(PAYMENTS):
            payments.pay(number)
            time.sleep(LOOK)  # each is delivered by itself: an alarm judges a number of failures
        yield payments


def test_the_alarm_pauses_the_service_and_says_that_it_was_the_alarm(payments: Payments) -> None:
    wait(lambda: payments.status()["circuit"] == "open", payments, "the pause")
    assert payments.status()["cause"] == "alarm"
    wait(
        lambda: payments.status()["mapping"]["state"] == "Disabled",
        payments,
        "the end of the deliveries",
    )
    assert payments.booked() == []


def test_a_deployment_that_starts_brings_the_service_back_by_itself(payments: Payments) -> None:
    payments.deploy("2", broken=False)
    wait(lambda: payments.status()["circuit"] == "closed", payments, "the way back")


def test_every_payment_was_made_once_and_none_was_set_aside(payments: Payments) -> None:
    wanted = [f"{SERVICE}#pay-{number}" for number in range(PAYMENTS)]
    wait(lambda: len(payments.booked()) >= PAYMENTS, payments, "all payments")
    assert sorted(payments.booked()) == wanted
    outputs, sqs = payments.access.outputs, payments.access.sqs
    assert depth(sqs, outputs.dead_letter_queue_urls[SERVICE]) == 0
    wait(lambda: depth(sqs, outputs.queue_urls[SERVICE]) == 0, payments, "an empty queue")
