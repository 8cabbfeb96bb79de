import json

import pytest

from tests.unit.components.harness import SERVICES, TYPES, Graph

PREFIX = "utility-customer-system-dev"
ARN = f"arn:aws:sqs:us-east-2:210987654321:{PREFIX}"
INTAKES = (*SERVICES, "unrouted")


@pytest.mark.parametrize("what", INTAKES)
def test_a_subscription_leads_raw_from_the_topic_into_the_queue(dev: Graph, what: str) -> None:
    inputs = dev.one("TopicSubscription", f"{what}-subscription").inputs
    assert inputs["topic"].endswith(f":{PREFIX}-transaction-processing.fifo")
    assert inputs["protocol"] == "sqs"
    assert inputs["endpoint"] == f"{ARN}-{what}.fifo"
    assert inputs["rawMessageDelivery"] is True
    assert inputs["filterPolicyScope"] == "MessageAttributes"


@pytest.mark.parametrize("what", INTAKES)
def test_a_subscription_keeps_what_it_cannot_deliver_in_a_fifo_queue(dev: Graph, what: str) -> None:
    redrive = dev.one("TopicSubscription", f"{what}-subscription").inputs["redrivePolicy"]
    assert json.loads(redrive) == {"deadLetterTargetArn": f"{ARN}-{what}-delivery-dlq.fifo"}


@pytest.mark.parametrize("what", INTAKES)
def test_a_subscription_waits_for_topic_queues_and_their_policies(dev: Graph, what: str) -> None:
    subscription = dev.one("TopicSubscription", f"{what}-subscription")
    for kind, name in (
        ("Topic", "transactions"),
        ("Queue", f"{what}-queue"),
        ("QueuePolicy", f"{what}-queue-policy"),
        ("QueuePolicy", f"{what}-delivery-dlq-policy"),
    ):
        assert dev.one(kind, name).urn in subscription.dependencies


def filter_of(graph: Graph, what: str) -> object:
    return json.loads(graph.one("TopicSubscription", f"{what}-subscription").inputs["filterPolicy"])


def test_each_service_gets_the_transactions_of_its_type(dev: Graph) -> None:
    assert filter_of(dev, "payment-processing") == {"transaction_type": ["payment"]}
    assert filter_of(dev, "bank-account-setup") == {"transaction_type": ["bank_account_setup"]}


def test_what_no_service_takes_is_unrouted(dev: Graph) -> None:
    assert filter_of(dev, "unrouted") == {
        "$or": [
            {"transaction_type": [{"exists": False}]},
            {"transaction_type": [{"anything-but": TYPES}]},
        ]
    }


def test_the_control_topic_invokes_the_manager_and_keeps_what_fails(dev: Graph) -> None:
    inputs = dev.one("TopicSubscription", "subscription-manager-control-subscription").inputs
    assert inputs["protocol"] == "lambda"
    assert inputs["endpoint"].endswith(f":function:{PREFIX}-subscription-manager")
    assert json.loads(inputs["redrivePolicy"]) == {
        "deadLetterTargetArn": f"{ARN}-subscription-manager-dlq"
    }
