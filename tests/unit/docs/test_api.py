"""The examples of the API's page, read by the types that read what crosses the wire."""

import json
import re

import msgspec
import pytest

from handlers.common.circuit import control
from handlers.common.messages.transactions import BankAccountSetup, Payment
from tests.unit.docs import aws_cli
from tests.unit.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "api.md"
COMMANDS = [command for block in blocks(PAGE) for command in block.commands]
TRANSACTIONS = [command for command in COMMANDS if "$TRANSACTION_TOPIC" in command]
ORDERS = [command for command in COMMANDS if "$CONTROL_TOPIC" in command]


def message(command: str) -> str:
    return aws_cli.options(command)["Message"]


def test_there_is_an_example_of_each_transaction() -> None:
    types = {json.loads(message(command))["transaction_type"] for command in TRANSACTIONS}
    assert types == {"bank_account_setup", "payment"}


@pytest.mark.parametrize("command", TRANSACTIONS)
def test_an_example_of_a_transaction_is_one_and_is_sent_as_its_type(command: str) -> None:
    options = aws_cli.options(command)
    read = msgspec.json.decode(message(command), type=dict[str, str])
    kind = {"payment": Payment, "bank_account_setup": BankAccountSetup}[read["transaction_type"]]
    transaction = msgspec.json.decode(message(command), type=kind)
    attribute = options["MessageAttributes"]["transaction_type"]["StringValue"]
    assert attribute == transaction.transaction_type
    assert options["MessageGroupId"] == transaction.customer_id
    assert options["MessageDeduplicationId"] == transaction.message_id


@pytest.mark.parametrize("command", ORDERS)
def test_an_example_of_a_command_is_one(command: str) -> None:
    order = control.decode(message(command))
    assert isinstance(order, control.Disable)


def test_every_action_and_its_other_name_are_commands() -> None:
    table = re.findall(r"^\| `(\w+)` \| (?:`(\w+)` )?\|", PAGE.read_text(), re.MULTILINE)
    named = [action for row in table for action in row if action]
    assert {"enable", "start", "disable", "stop", "redrive"} <= set(named)
    for action in named:
        assert control.decode(json.dumps({"action": action}))
