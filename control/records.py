"""The circuit's table as an operator reads it: states, histories, what the manager noted.

By the table's own words, not by the handlers' types: what stands there may come from another image
than this checkout's, and an operator has to see a stack whatever runs in it.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HISTORY = "history#"


class Circuit(msgspec.Struct, frozen=True, kw_only=True):
    """One circuit; one that never changed has no record and is closed. Times are Unix times."""

    state: str = "closed"
    generation: int = 0
    since: float = 0.0
    left_closed_at: float = 0.0
    cause: str | None = None
    who: str = ""
    why: str = ""
    retry_at: float = 0.0
    hold_until: float | None = None
    ramp_until: float = 0.0


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a circuit. `at` is a Unix time."""

    generation: int
    from_state: str
    to_state: str
    at: float
    who: str = ""
    why: str = ""
    cause: str | None = None


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """When the newest applied command of each kind was sent, by SNS's clock."""

    switch_at: float = 0.0
    probe_at: float = 0.0


class Redrive(msgspec.Struct, frozen=True, kw_only=True):
    """The last redrive that was ordered, and how far it has come."""

    at: float = 0.0
    moved: int = 0
    held_back: int = 0
    passed_over: int = 0
    done_at: float | None = None


class Records:
    """Read-only: one item at a time, strongly consistent."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def circuit(self, service: str) -> Circuit:
        """The circuit of a service."""
        return msgspec.convert(self._item(service, "state"), Circuit, strict=False)

    def marks(self, service: str) -> Marks:
        """What the manager noted of commands."""
        return msgspec.convert(self._item(service, "manager"), Marks, strict=False)

    def redrive(self, service: str) -> Redrive:
        """The last redrive; an empty one where there was none."""
        return msgspec.convert(self._item(service, "redrive"), Redrive, strict=False)

    def history(self, service: str, most: int) -> list[Transition]:
        """The newest transitions, oldest first."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="#service = :service AND begins_with(#record, :history)",
            ExpressionAttributeNames={"#service": "service", "#record": "record"},
            ExpressionAttributeValues={":service": {"S": service}, ":history": {"S": HISTORY}},
            ScanIndexForward=False,
            Limit=most,
        )
        found = [msgspec.convert(_plain(i), Transition, strict=False) for i in answer["Items"]]
        return found[::-1]

    def _item(self, service: str, record: str) -> dict[str, Any]:
        key: Any = {"service": {"S": service}, "record": {"S": record}}
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _plain(answer.get("Item", {}))


def _plain(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return dict(_values(item))


def _values(item: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, attribute in item.items():
        kind, value = next(iter(attribute.items()))
        if kind == "N":
            number = float(value)
            yield name, int(number) if number.is_integer() and "." not in value else number
        elif kind != "NULL":
            yield name, value
