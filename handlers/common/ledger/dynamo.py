"""The ledger in DynamoDB: two writes for a transaction that completes."""

from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError
from msgspec.structs import replace

from handlers.common.aws import aws_errors
from handlers.common.items import Value, from_item, to_attribute, to_item
from handlers.common.ledger.entries import Begun, Claim, Entry, Status, judged, reopened, taken

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

REFUSED = "ConditionalCheckFailedException"

BEGIN = (
    "SET #status = :in_progress, fingerprint = :fingerprint, carrier = :carrier, "
    "begun_at = :now, lease_until = :lease, called_at = if_not_exists(called_at, :now), "
    "#group = :group, sent_at = :sent_at, expires_at = :expires ADD attempt :one"
)
BEGIN_WITH_REDRIVE = BEGIN.replace(" ADD", ", redrive_id = :redrive ADD")
FREE = (
    "attribute_not_exists(id) OR (fingerprint = :fingerprint AND expires_at >= :now AND "
    "(#status = :waiting OR (#status = :in_progress AND lease_until < :now)))"
)
MINE = "#status = :in_progress AND carrier = :carrier AND begun_at = :begun"


class DynamoLedger:
    """Entries in one table with hash key `id`; see Ledger for the meaning of each method.

    Args:
        retention: Seconds that an entry lives, renewed with every write.
    """

    def __init__(self, client: "DynamoDBClient", table: str, retention: float) -> None:
        self._client, self._table, self._retention = client, table, retention

    def begin(self, claim: Claim) -> Begun:
        """See Ledger."""
        values = {
            ":in_progress": Status.IN_PROGRESS,
            ":waiting": Status.WAITING,
            ":fingerprint": claim.fingerprint,
            ":carrier": claim.carrier,
            ":now": claim.now,
            ":lease": claim.lease_until,
            ":group": claim.group,
            ":sent_at": claim.sent_at,
            ":expires": self._expiry(claim.now),
            ":one": 1,
        }
        if claim.redrive_id:
            values[":redrive"] = claim.redrive_id
        try:
            with aws_errors("taking the entry", REFUSED):
                answer = self._client.update_item(
                    TableName=self._table,
                    Key={"id": {"S": claim.id}},
                    UpdateExpression=BEGIN_WITH_REDRIVE if claim.redrive_id else BEGIN,
                    ConditionExpression=FREE,
                    ExpressionAttributeNames={"#status": "status", "#group": "group"},
                    ExpressionAttributeValues={k: to_attribute(v) for k, v in values.items()},
                    ReturnValues="ALL_OLD",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as refusal:
            return self._refused(_entry(refusal.response.get("Item", {}), claim.id), claim)
        before = _entry(answer["Attributes"], claim.id) if answer.get("Attributes") else None
        return Begun(entry=taken(before or Entry(id=claim.id), claim), before=before)

    def write(self, held: Entry, after: Entry) -> bool:
        """See Ledger. Only what differs is written, and the entry's life begins anew."""
        changes = _changes(held, after) | {"expires_at": self._expiry(held.begun_at)}
        kept = {key: value for key, value in changes.items() if value is not None}
        gone = [key for key in changes if key not in kept]
        expression = "SET " + ", ".join(f"#{key} = :new_{key}" for key in kept)
        if gone:
            expression += " REMOVE " + ", ".join(f"#{key}" for key in gone)
        values: dict[str, Any] = {f":new_{key}": to_attribute(value) for key, value in kept.items()}
        values |= {
            ":carrier": to_attribute(held.carrier),
            ":begun": to_attribute(held.begun_at),
            ":in_progress": to_attribute(Status.IN_PROGRESS),
        }
        try:
            with aws_errors("writing the entry", REFUSED):
                self._client.update_item(
                    TableName=self._table,
                    Key={"id": {"S": held.id}},
                    UpdateExpression=expression,
                    ConditionExpression=MINE,
                    ExpressionAttributeNames={f"#{key}": key for key in (*changes, "status")},
                    ExpressionAttributeValues=values,
                )
        except ClientError:
            return False
        return True

    def _refused(self, old: Entry, claim: Claim) -> Begun:
        known = judged(old, claim)
        if known is not None:
            return known
        again = reopened(old, claim)
        entry = replace(again.entry, expires_at=self._expiry(claim.now))
        try:
            with aws_errors("reopening the entry", REFUSED):
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(msgspec.to_builtins(entry)),
                    ConditionExpression="#status = :status AND carrier = :carrier",
                    ExpressionAttributeNames={"#status": "status"},
                    ExpressionAttributeValues={
                        ":status": {"S": old.status},
                        ":carrier": {"S": old.carrier},
                    },
                )
        except ClientError:
            return self.begin(claim)
        return again

    def _expiry(self, now: float) -> int:
        return int(now + self._retention)


def _changes(held: Entry, after: Entry) -> dict[str, Value]:
    old, new = msgspec.structs.asdict(held), msgspec.structs.asdict(after)
    return {key: value for key, value in new.items() if value != old[key]}


def _entry(item: dict[str, Any], key: str) -> Entry:
    return msgspec.convert({"id": key, **from_item(item)}, Entry, strict=False)
