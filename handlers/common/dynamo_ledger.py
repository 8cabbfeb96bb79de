"""The ledger in DynamoDB: two writes for a transaction that completes."""

from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError
from msgspec.structs import replace

from handlers.common.aws import aws_errors
from handlers.common.items import Value, from_item, to_attribute, to_item
from handlers.common.ledger import Begun, Claim, Entry, Reason, Status, judged, reopened, taken

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
MINE = "carrier = :carrier AND begun_at = :begun AND #status = :in_progress"


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

    def hand_back(self, begun: Begun, *, sent: bool, failed_at: float | None = None) -> None:
        """See Ledger."""
        called_at = begun.entry.called_at if sent else begun.called_before
        self._update(
            begun,
            {
                "status": Status.WAITING,
                "attempt": begun.entry.attempt - 1,
                "called_at": called_at,
                "failed_at": failed_at or begun.entry.failed_at,
            },
        )

    def keep_failure(self, begun: Begun, first_failure_at: float, failed_at: float | None) -> None:
        """See Ledger."""
        self._update(
            begun,
            {
                "status": Status.WAITING,
                "first_failure_at": first_failure_at,
                "failed_at": failed_at or begun.entry.failed_at,
            },
        )

    def decide(self, begun: Begun, end: Status, reason: Reason) -> Begun:
        """See Ledger."""
        changes: dict[str, Value] = {"end": end, "code": reason.code, "detail": reason.detail}
        self._update(begun, changes)
        entry = replace(begun.entry, end=end, code=reason.code, detail=reason.detail)
        return replace(begun, entry=entry)

    def finish(self, begun: Begun, end: Status, reference: str | None = None) -> None:
        """See Ledger."""
        self._update(begun, {"status": end, "reference": reference})

    def _refused(self, old: Entry, claim: Claim) -> Begun:
        ended = judged(old, claim)
        if ended is not None:
            return Begun(entry=ended, before=ended)
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

    def _update(self, begun: Begun, changes: dict[str, Value]) -> None:
        """Writes only while this attempt holds the entry; another holder's word counts more."""
        entry = begun.entry
        changes = {**changes, "expires_at": self._expiry(entry.begun_at)}
        kept = {key: value for key, value in changes.items() if value is not None}
        gone = [key for key, value in changes.items() if value is None]
        expression = "SET " + ", ".join(f"#{key} = :new_{key}" for key in kept)
        if gone:
            expression += " REMOVE " + ", ".join(f"#{key}" for key in gone)
        values: dict[str, Any] = {f":new_{key}": to_attribute(value) for key, value in kept.items()}
        values |= {
            ":carrier": to_attribute(entry.carrier),
            ":begun": to_attribute(entry.begun_at),
            ":in_progress": to_attribute(Status.IN_PROGRESS),
        }
        try:
            with aws_errors("writing the entry", REFUSED):
                self._client.update_item(
                    TableName=self._table,
                    Key={"id": {"S": entry.id}},
                    UpdateExpression=expression,
                    ConditionExpression=MINE,
                    ExpressionAttributeNames={f"#{key}": key for key in (*changes, "status")},
                    ExpressionAttributeValues=values,
                )
        except ClientError:
            return

    def _expiry(self, now: float) -> int:
        return int(now + self._retention)


def _entry(item: dict[str, Any], key: str) -> Entry:
    return msgspec.convert({"id": key, **from_item(item)}, Entry, strict=False)
