"""The manager's records in DynamoDB. Each write is one conditional call; none reads first."""

from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError

from handlers.common.aws import aws_errors
from handlers.common.circuit.dynamo import HISTORY, DynamoCircuitStore, history_record
from handlers.common.circuit.state import Circuit
from handlers.common.items import Value, from_item, to_attribute, to_item
from handlers.subscription_manager.records import (
    NOTES,
    PAGE,
    REDRIVE,
    Applied,
    Notes,
    Order,
    Redrive,
    Transition,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FAILED = "ConditionalCheckFailedException"


class DynamoRecords:
    """Records in the circuit's table."""

    def __init__(self, client: "DynamoDBClient", table: str, circuits: DynamoCircuitStore) -> None:
        self._client, self._table, self._circuits = client, table, circuits

    def take_lease(self, service: str, name: str, owner: str, now: float, until: float) -> bool:
        """See Records."""
        return self._update(
            service,
            name,
            "SET #owner = :owner, #until = :until",
            {":owner": owner, ":until": until, ":now": now},
            "attribute_not_exists(#owner) OR #until < :now OR #owner = :owner",
        )

    def keep_lease(self, service: str, name: str, owner: str, until: float) -> bool:
        """See Records."""
        return self._update(
            service,
            name,
            "SET #until = :until",
            {":owner": owner, ":until": until},
            "#owner = :owner",
        )

    def free_lease(self, service: str, name: str, owner: str) -> None:
        """See Records."""
        self._update(service, name, "REMOVE #owner, #until", {":owner": owner}, "#owner = :owner")

    def apply(self, before: Circuit, after: Circuit, order: Order) -> Applied:
        """See Records."""
        mark: Any = {"Update": self._mark(before.service, order)}
        if self._circuits.write(before, after, also=(mark,)):
            return Applied.DONE
        marks = self._item(before.service, NOTES)
        newest = marks.get(f"{order.kind}_at")
        stale = isinstance(newest, int | float) and newest >= order.at
        return Applied.STALE if stale else Applied.RACED

    def note(self, service: str, order: Order) -> bool:
        """See Records."""
        try:
            with aws_errors("noting a command", FAILED):
                self._client.update_item(**self._mark(service, order))
        except ClientError:
            return False
        return True

    def notes(self, service: str) -> Notes:
        """See Records."""
        return msgspec.convert(self._item(service, NOTES), Notes, strict=False)

    def note_announced(self, service: str, generation: int) -> None:
        """See Records."""
        self._update(
            service,
            NOTES,
            "SET announced = :generation",
            {":generation": generation},
            "attribute_not_exists(announced) OR announced < :generation",
        )

    def note_head(self, service: str, sent_at: float | None) -> None:
        """See Records."""
        if sent_at is None:
            self._update(service, NOTES, "REMOVE head_sent_at", {}, "")
        else:
            self._update(service, NOTES, "SET head_sent_at = :at", {":at": sent_at}, "")

    def transitions(self, service: str, above: int) -> list[Transition]:
        """See Records."""
        with aws_errors("reading the history"):
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="#service = :service AND #record BETWEEN :from AND :to",
                ExpressionAttributeNames={"#service": "service", "#record": "record"},
                ExpressionAttributeValues={
                    ":service": {"S": service},
                    ":from": {"S": history_record(above + 1)},
                    ":to": {"S": f"{HISTORY}~"},
                },
                ConsistentRead=True,
                Limit=PAGE,
            )
        return [
            msgspec.convert(from_item(item), Transition, strict=False) for item in answer["Items"]
        ]

    def start_redrive(self, service: str, redrive: Redrive) -> bool:
        """See Records."""
        return self._put_redrive(service, redrive, "attribute_not_exists(#at) OR #at < :at")

    def redrive(self, service: str) -> Redrive | None:
        """See Records."""
        item = self._item(service, REDRIVE)
        return msgspec.convert(item, Redrive, strict=False) if item else None

    def update_redrive(self, service: str, redrive: Redrive) -> bool:
        """See Records."""
        return self._put_redrive(service, redrive, "#at = :at")

    def _put_redrive(self, service: str, redrive: Redrive, condition: str) -> bool:
        values: dict[str, Value] = msgspec.structs.asdict(redrive)
        try:
            with aws_errors("writing the redrive", FAILED):
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item({"service": service, "record": REDRIVE, **values}),
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#at": "at"},
                    ExpressionAttributeValues={":at": to_attribute(redrive.at)},
                )
        except ClientError:
            return False
        return True

    def _mark(self, service: str, order: Order) -> Any:  # noqa: ANN401 - boto3 types an update and a transaction's update apart
        return {
            "TableName": self._table,
            "Key": _key(service, NOTES),
            "UpdateExpression": "SET #mark = :at",
            "ConditionExpression": "attribute_not_exists(#mark) OR #mark < :at",
            "ExpressionAttributeNames": {"#mark": f"{order.kind}_at"},
            "ExpressionAttributeValues": {":at": to_attribute(order.at)},
        }

    def _item(self, service: str, record: str) -> dict[str, Value]:
        with aws_errors(f"reading the record {record}"):
            answer = self._client.get_item(
                TableName=self._table, Key=_key(service, record), ConsistentRead=True
            )
        return from_item(answer.get("Item", {}))

    def _update(
        self, service: str, record: str, update: str, values: dict[str, Value], condition: str
    ) -> bool:
        request: dict[str, Any] = {"UpdateExpression": update}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = {k: to_attribute(v) for k, v in values.items()}
        names = {
            f"#{name}": name for name in ("owner", "until") if f"#{name}" in update + condition
        }
        if names:
            request["ExpressionAttributeNames"] = names
        try:
            with aws_errors(f"writing the record {record}", FAILED):
                self._client.update_item(
                    TableName=self._table, Key=_key(service, record), **request
                )
        except ClientError:
            return False
        return True


def _key(service: str, record: str) -> dict[str, Any]:
    return {"service": {"S": service}, "record": {"S": record}}
