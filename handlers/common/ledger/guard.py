"""A ledger is believed only while it is the table it was.

DynamoDB restores into a new table, never into an old one
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.Tutorial.html),
so a ledger that was brought back to an older moment has another id. It does not know what was paid
since. Until an administrator has said to which moment it goes back, nothing is begun; from then on
whatever it does not know to have ended counts as called at that moment, so that the bank is asked
by key where it may have forgotten the call. docs/restore.md has the procedure.
"""

from typing import TYPE_CHECKING, Protocol

import msgspec
from botocore.exceptions import ClientError
from msgspec.structs import replace

from handlers.common.aws import aws_errors
from handlers.common.errors import Misconfigured
from handlers.common.items import from_item, to_item
from handlers.common.ledger.entries import Begun, Claim, Entry, Ledger

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RECORD = "ledger"
LOOK_AGAIN = 60.0
"""Seconds that a look is good for. No restore is quicker, and while it lasts there is no table."""


class LedgerReplaced(Misconfigured):
    """The ledger is another table than before, and nobody has said what it knows."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger that a service works with.

    Attributes:
        table: The table's id, which no other table ever has.
        restored_to: The moment that it was brought back to (epoch seconds); None if never.
    """

    table: str
    restored_to: float | None = None


class Identities(Protocol):
    """What is known of the ledger. Both methods raise AwsUnavailable where DynamoDB fails."""

    def actual(self) -> str:
        """The id of the table that is there now."""
        ...

    def known(self, service: str, first: str) -> Identity:
        """What was noted for a service; the first table ever seen is noted."""
        ...


class DynamoIdentities:
    """Ids by DynamoDB's own word, and notes in the table of the circuits."""

    def __init__(self, client: "DynamoDBClient", ledger_table: str, circuit_table: str) -> None:
        self._client, self._ledger, self._notes = client, ledger_table, circuit_table

    def actual(self) -> str:
        """See Identities."""
        with aws_errors("looking at the ledger"):
            answer = self._client.describe_table(TableName=self._ledger)
        table = answer["Table"]
        # Not every stand-in for DynamoDB has an id; a moment of creation tells tables apart too.
        return table.get("TableId") or str(table.get("CreationDateTime"))

    def known(self, service: str, first: str) -> Identity:
        """See Identities."""
        key = {"service": {"S": service}, "record": {"S": RECORD}}
        with aws_errors("reading what is known of the ledger"):
            item = self._client.get_item(TableName=self._notes, Key=key, ConsistentRead=True)
        if "Item" in item:
            return msgspec.convert(from_item(item["Item"]), Identity, strict=False)
        try:
            with aws_errors("noting the ledger", "ConditionalCheckFailedException"):
                self._client.put_item(
                    TableName=self._notes,
                    Item=to_item({"service": service, "record": RECORD, "table": first}),
                    ConditionExpression="attribute_not_exists(service)",
                )
        except ClientError:
            return self.known(service, first)
        return Identity(table=first)


class GuardedLedger:
    """A ledger whose table is looked at before it is used; see Ledger for the methods."""

    def __init__(self, ledger: Ledger, identities: Identities, service: str) -> None:
        self._ledger, self._identities, self._service = ledger, identities, service
        self._restored_to: float | None = None
        self._looked_at = float("-inf")

    def begin(self, claim: Claim) -> Begun:
        """See Ledger.

        Raises:
            LedgerReplaced: It is another table, and nothing of it may be believed yet.
        """
        if not 0 <= claim.now - self._looked_at < LOOK_AGAIN:
            self._look(claim.now)
        begun = self._ledger.begin(claim)
        return replace(begun, doubted_since=self._restored_to)

    def write(self, held: Entry, after: Entry) -> bool:
        """See Ledger."""
        return self._ledger.write(held, after)

    def _look(self, now: float) -> None:
        actual = self._identities.actual()
        known = self._identities.known(self._service, actual)
        if known.table != actual:
            raise LedgerReplaced(
                f"the ledger is table {actual}, it was {known.table}: see docs/restore.md"
            )
        self._restored_to, self._looked_at = known.restored_to, now
