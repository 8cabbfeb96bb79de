"""Whether a dead letter may go back without overtaking: read from the ledger, never written."""

from typing import TYPE_CHECKING

from handlers.common.aws import aws_errors
from handlers.common.items import from_item
from handlers.common.ledger.entries import Status
from handlers.common.messages.transactions import claimed, opened
from handlers.subscription_manager.ports import Letter

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BY_GROUP = "by_group"


class LedgerPrecedence:
    """Precedence from the ledger's table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def overtaken(self, service: str, letter: Letter) -> bool:
        """See Precedence.

        Where the ledger does not know when the letter was sent, any completed message of the group
        counts as later: to keep order, it errs on the side of asking for `force`.
        """
        message_id = claimed(opened(letter.body)[0]).message_id
        sent_at = self._sent_at(f"{service}#{message_id}") if message_id else 0
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=BY_GROUP,
            KeyConditionExpression="#group = :group AND sent_at > :sent_at",
            FilterExpression="#status = :completed",
            ProjectionExpression="id",
            ExpressionAttributeNames={"#group": "group", "#status": "status"},
            ExpressionAttributeValues={
                ":group": {"S": f"{service}#{letter.group}"},
                ":sent_at": {"N": str(sent_at)},
                ":completed": {"S": Status.COMPLETED},
            },
        )
        with aws_errors("reading the group's entries"):
            return any(page["Items"] for page in pages)

    def _sent_at(self, key: str) -> int:
        """When the message was sent (epoch milliseconds); 0 where the ledger does not know it."""
        with aws_errors("reading the entry"):
            answer = self._client.get_item(
                TableName=self._table,
                Key={"id": {"S": key}},
                ProjectionExpression="sent_at",
                ConsistentRead=True,
            )
        sent_at = from_item(answer.get("Item", {})).get("sent_at", 0)
        return int(sent_at) if isinstance(sent_at, int | float) else 0
