"""The API page's own commands, sent to a running system as the AWS CLI would send them."""

import json
from typing import Any

from handlers.common.circuit.dynamo import STATE
from local.access import Access
from tests.emulated_account import eventually
from tests.unit.docs import aws_cli
from tests.unit.docs.test_api import ORDERS, TRANSACTIONS


def publish(access: Access, command: str, topic: str) -> dict[str, Any]:
    """Sends an example; the answer is its message."""
    options: dict[str, Any] = aws_cli.options(command) | {"TopicArn": topic}
    access.sns.publish(**options)
    return json.loads(options["Message"])


def ended(access: Access, transaction: dict[str, Any]) -> str:
    services = {"payment": "payment-processing", "bank_account_setup": "bank-account-setup"}
    key = f"{services[transaction['transaction_type']]}#{transaction['message_id']}"
    found = access.dynamodb.get_item(
        TableName=access.outputs.ledger_table, Key={"id": {"S": key}}, ConsistentRead=True
    )
    return found.get("Item", {}).get("status", {}).get("S", "")


def test_each_transaction_of_the_page_is_completed(access: Access) -> None:
    for command in TRANSACTIONS:
        sent = publish(access, command, access.outputs.transaction_topic_arn)
        assert eventually(lambda sent=sent: ended(access, sent) == "completed"), sent


def test_the_command_of_the_page_holds_its_service(access: Access) -> None:
    def circuit() -> str:
        found = access.dynamodb.get_item(
            TableName=access.outputs.circuit_table,
            Key={"service": {"S": "payment-processing"}, "record": {"S": STATE}},
            ConsistentRead=True,
        )
        return found.get("Item", {}).get("state", {}).get("S", "")

    for command in ORDERS:
        order = publish(access, command, access.outputs.control_topic_arn)
        assert order["action"] == "disable"
        assert eventually(lambda: circuit() == "held")
    access.sns.publish(
        TopicArn=access.outputs.control_topic_arn,
        Message=json.dumps({"action": "enable", "service": "payment-processing"}),
    )
    assert eventually(lambda: circuit() == "closed")
