"""What this project relies on of IAM: roles are judged per action, resource and condition."""

from typing import Any

import pytest

from tests.emulated_account import Account, Statement, allow, refusal
from tests.tables import make_ledger_table


def _denied(code: str) -> bool:
    return code in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


def test_a_role_without_a_grant_is_denied(account: Account) -> None:
    client = account.assume(account.role(), "sqs")

    assert _denied(refusal(client.receive_message, QueueUrl=account.queue()))


def test_a_grant_holds_for_its_resource_only(account: Account) -> None:
    mine, other = account.queue(), account.queue()
    role = account.role(allow("sqs:ReceiveMessage", account.queue_arn(mine)))
    client = account.assume(role, "sqs")

    assert refusal(client.receive_message, QueueUrl=mine) == ""
    assert _denied(refusal(client.receive_message, QueueUrl=other))


def test_an_explicit_deny_wins(account: Account) -> None:
    queue = account.queue()
    deny = allow("sqs:ReceiveMessage", account.queue_arn(queue)) | {"Effect": "Deny"}
    client = account.assume(account.role(allow("sqs:*"), deny), "sqs")

    assert _denied(refusal(client.receive_message, QueueUrl=queue))


@pytest.mark.parametrize(
    ("action", "operation", "entry"),
    [
        ("sqs:DeleteMessage", "delete_message_batch", {"ReceiptHandle": "r"}),
        (
            "sqs:ChangeMessageVisibility",
            "change_message_visibility_batch",
            {"ReceiptHandle": "r", "VisibilityTimeout": 1},
        ),
        ("sqs:SendMessage", "send_message_batch", {"MessageBody": "x"}),
    ],
)
def test_a_batch_needs_the_grant_of_the_single_call(
    account: Account, action: str, operation: str, entry: dict[str, Any]
) -> None:
    queue = account.queue(fifo=False)
    arguments = {"QueueUrl": queue, "Entries": [{"Id": "0", **entry}]}
    granted = account.assume(account.role(allow(action, account.queue_arn(queue))), "sqs")
    bare = account.assume(account.role(), "sqs")

    assert not _denied(refusal(getattr(granted, operation), **arguments))
    assert _denied(refusal(getattr(bare, operation), **arguments))


def test_publishing_is_judged_by_topic(account: Account) -> None:
    mine, other = account.topic(fifo=False), account.topic(fifo=False)
    client = account.assume(account.role(allow("sns:Publish", mine)), "sns")

    assert refusal(client.publish, TopicArn=mine, Message="x") == ""
    assert _denied(refusal(client.publish, TopicArn=other, Message="x"))


def test_invoking_is_judged_by_function(account: Account) -> None:
    mine, other = account.function(), account.function()
    grant = allow("lambda:InvokeFunction", account.arn("lambda", f"function:{mine}"))
    client = account.assume(account.role(grant), "lambda")
    dry = {"InvocationType": "DryRun"}

    assert refusal(client.invoke, FunctionName=mine, **dry) == ""
    assert _denied(refusal(client.invoke, FunctionName=other, **dry))


class Mappings:
    """A mapping of one's own and another's, and the calls that a manager makes on them."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.functions = [account.function() for _ in range(2)]
        self.mine, self.other = (
            account.map(account.queue(), function, Enabled=False) for function in self.functions
        )
        for mapping in (self.mine, self.other):
            account.settle(mapping)

    def calls(self, statement: Statement | None, mapping: str) -> dict[str, bool]:
        """Which calls on a mapping are denied to a role with this statement."""
        role = self.account.role(*([statement] if statement else []))
        client = self.account.assume(role, "lambda")
        update = refusal(client.update_event_source_mapping, UUID=mapping, BatchSize=5)
        self.account.settle(mapping)
        return {
            "get": _denied(refusal(client.get_event_source_mapping, UUID=mapping)),
            "update": _denied(update),
        }


@pytest.fixture
def mappings(account: Account) -> Mappings:
    return Mappings(account)


def test_a_mapping_is_closed_to_a_role_without_a_grant(mappings: Mappings) -> None:
    assert mappings.calls(None, mappings.mine) == {"get": True, "update": True}


def test_a_mapping_that_cannot_be_read_cannot_be_deleted_either(
    account: Account, mappings: Mappings
) -> None:
    client = account.assume(account.role(allow("lambda:GetEventSourceMapping")), "lambda")

    assert _denied(refusal(client.delete_event_source_mapping, UUID=mappings.mine))


def test_a_mapping_is_opened_by_the_function_it_belongs_to(
    account: Account, mappings: Mappings
) -> None:
    statement = allow(
        ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"],
        account.arn("lambda", "event-source-mapping:*"),
        ArnEquals={
            "lambda:FunctionArn": account.arn("lambda", f"function:{mappings.functions[0]}")
        },
    )

    assert mappings.calls(statement, mappings.mine) == {"get": False, "update": False}
    assert mappings.calls(statement, mappings.other) == {"get": True, "update": True}


TABLE_ACTIONS = [
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:Query",
    "dynamodb:BatchGetItem",
]


def _item_calls(table: str, identity: str) -> dict[str, tuple[str, dict[str, Any]]]:
    key = {"id": {"S": identity}}
    write: dict[str, Any] = {"Put": {"TableName": table, "Item": key}}
    query = {
        "TableName": table,
        "KeyConditionExpression": "#id = :id",
        "ExpressionAttributeNames": {"#id": "id"},
        "ExpressionAttributeValues": {":id": {"S": identity}},
    }
    return {
        "get": ("get_item", {"TableName": table, "Key": key}),
        "put": ("put_item", {"TableName": table, "Item": key}),
        "update": (
            "update_item",
            {
                "TableName": table,
                "Key": key,
                "UpdateExpression": "SET n = :n",
                "ExpressionAttributeValues": {":n": {"N": "1"}},
            },
        ),
        "delete": ("delete_item", {"TableName": table, "Key": key}),
        "query": ("query", query),
        "batch": ("batch_get_item", {"RequestItems": {table: {"Keys": [key]}}}),
        "transaction": ("transact_write_items", {"TransactItems": [write]}),
    }


@pytest.mark.parametrize("call", list(_item_calls("", "")))
@pytest.mark.parametrize("operator", ["StringLike", "ForAllValues:StringLike"])
def test_a_table_is_opened_by_its_leading_keys(account: Account, call: str, operator: str) -> None:
    table = make_ledger_table(account.tables, account.name("table"))
    statement = allow(
        TABLE_ACTIONS,
        account.arn("dynamodb", f"table/{table}"),
        **{operator: {"dynamodb:LeadingKeys": ["payment-processing#*"]}},
    )
    client = account.assume(account.role(statement), "dynamodb")

    operation, mine = _item_calls(table, "payment-processing#1")[call]
    _, other = _item_calls(table, "bank-account-setup#1")[call]

    assert refusal(getattr(client, operation), **mine) == ""
    assert _denied(refusal(getattr(client, operation), **other))


def test_an_indexs_leading_key_is_its_own(account: Account) -> None:
    table = make_ledger_table(account.tables, account.name("table"))
    statement = allow(
        "dynamodb:Query",
        account.arn("dynamodb", f"table/{table}/index/by_group"),
        **{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["payment-processing#*"]}},
    )
    client = account.assume(account.role(statement), "dynamodb")

    def query(group: str) -> str:
        return refusal(
            client.query,
            TableName=table,
            IndexName="by_group",
            KeyConditionExpression="#g = :g",
            ExpressionAttributeNames={"#g": "group"},
            ExpressionAttributeValues={":g": {"S": group}},
        )

    assert query("payment-processing#customer") == ""
    assert _denied(query("bank-account-setup#customer"))


def test_logs_are_judged_by_stream(account: Account) -> None:
    group = f"/aws/lambda/{account.name('function')}"
    account.logs.create_log_group(logGroupName=group)
    grant = allow("logs:CreateLogStream", account.arn("logs", f"log-group:{group}:log-stream:a*"))
    client = account.assume(account.role(grant), "logs")

    assert refusal(client.create_log_stream, logGroupName=group, logStreamName="a1") == ""
    assert _denied(refusal(client.create_log_stream, logGroupName=group, logStreamName="b1"))


def test_a_policy_that_denies_plain_http_lets_tls_pass(account: Account) -> None:
    queue = account.queue(fifo=False)
    arn = account.queue_arn(queue)
    deny = allow("sqs:*", arn, Bool={"aws:SecureTransport": "false"}) | {"Effect": "Deny"}
    client = account.assume(account.role(allow("sqs:SendMessage", arn), deny), "sqs")

    assert refusal(client.send_message, QueueUrl=queue, MessageBody="x") == ""
