"""Circuits in DynamoDB: what workers and the manager read, and how they change it.

One item per service (`record` = "state") holds the circuit and the signs of life around it; each
transition adds an item of history in the same transaction.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError

from handlers.common.aws import aws_errors
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import Signs, View
from handlers.common.items import Value, from_item, to_attribute, to_item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

STATE = "state"
LEASE = "lease"
HISTORY = "history#"
HISTORY_KEPT = 400 * 24 * 3600
"""Seconds. More than a year, so that last year's season can be compared."""


class DynamoCircuitStore:
    """Circuits in one DynamoDB table: hash key `service`, range key `record`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def read(self, service: str) -> View:
        """See CircuitStore. Strongly consistent: an old state would call a broken bank."""
        with aws_errors("reading the circuit"):
            answer = self._client.get_item(
                TableName=self._table, Key=self._key(service), ConsistentRead=True
            )
        return _view(service, from_item(answer.get("Item", {})))

    def write(
        self,
        before: Circuit,
        after: Circuit,
        *,
        also: Sequence["TransactWriteItemTypeDef"] = (),
    ) -> bool:
        """See CircuitStore. `also` is written in the same transaction, or nothing is."""
        update = self._update_of(before, after)
        try:
            with aws_errors("writing the circuit", "ConditionalCheckFailedException"):
                if after.generation != before.generation:
                    put: Any = {"TableName": self._table, "Item": _history(before, after)}
                    self._client.transact_write_items(
                        TransactItems=[{"Update": update}, {"Put": put}, *also]
                    )
                elif also:
                    self._client.transact_write_items(TransactItems=[{"Update": update}, *also])
                else:
                    self._client.update_item(**update)
        except ClientError:
            return False
        return True

    def lease_owner(self, service: str) -> str | None:
        """Who may probe this service now, as the manager wrote it; raises AwsUnavailable."""
        key = {"service": {"S": service}, "record": {"S": LEASE}}
        with aws_errors("reading the lease"):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return answer.get("Item", {}).get("owner", {}).get("S")

    def note_failure(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        return self._note(
            circuit,
            "SET last_failure_at = :at, last_failure_by = :by, "
            "streak_since = if_not_exists(streak_since, :at) ADD streak :one",
            {":at": at, ":by": customer, ":one": 1},
        )

    def note_suspect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        return self._note(
            circuit,
            "SET last_failure_at = :at, last_failure_by = :by",
            {":at": at, ":by": customer},
        )

    def note_defect(self, circuit: Circuit, customer: str, at: float) -> Signs | None:
        """See CircuitStore."""
        return self._note(
            circuit,
            "SET last_failure_at = :at, last_failure_by = :by ADD defects :defects",
            {":at": at, ":by": customer, ":defects": frozenset({customer})},
        )

    def note_success(self, circuit: Circuit, customer: str, at: float) -> None:
        """See CircuitStore."""
        self._note(
            circuit,
            "SET last_success_at = :at, last_success_by = :by, streak = :none "
            "REMOVE defects, streak_since",
            {":at": at, ":by": customer, ":none": 0},
            "(attribute_not_exists(last_success_at) OR last_success_at < :at)",
        )

    def _note(
        self, circuit: Circuit, update: str, values: dict[str, Value], condition: str = ""
    ) -> Signs | None:
        same_generation = (
            "(attribute_not_exists(generation) OR generation = :generation)"
            if circuit.generation == 0
            else "generation = :generation"
        )
        values = {**values, ":generation": circuit.generation}
        try:
            with aws_errors("noting a sign", "ConditionalCheckFailedException"):
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=self._key(circuit.service),
                    UpdateExpression=update,
                    ConditionExpression=" AND ".join(filter(None, (same_generation, condition))),
                    ExpressionAttributeValues={k: to_attribute(v) for k, v in values.items()},
                    ReturnValues="ALL_NEW",
                )
        except ClientError:
            return None
        return _view(circuit.service, from_item(answer["Attributes"])).signs

    def _update_of(self, before: Circuit, after: Circuit) -> Any:  # noqa: ANN401 - boto3's type for it is an input to a transaction only
        """An update that leaves the signs alone, but for what a new generation ends."""
        plain = msgspec.to_builtins(after)
        del plain["service"]
        kept = {key: value for key, value in plain.items() if value is not None}
        gone = [key for key, value in plain.items() if value is None]
        if after.generation != before.generation:
            kept["streak"] = 0
            gone += ["defects", "streak_since"]
        names = {f"#{key}": key for key in (*kept, *gone)}
        values = {f":{key}": to_attribute(value) for key, value in kept.items()}
        expression = "SET " + ", ".join(f"#{key} = :{key}" for key in kept)
        if gone:
            expression += " REMOVE " + ", ".join(f"#{key}" for key in gone)
        unwritten = "attribute_not_exists(#generation)" if before.generation == 0 else ""
        same = "(#generation = :before AND #version <= :version)"
        return {
            "TableName": self._table,
            "Key": self._key(after.service),
            "UpdateExpression": expression,
            "ConditionExpression": " OR ".join(filter(None, (unwritten, same))),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values | {":before": to_attribute(before.generation)},
        }

    @staticmethod
    def _key(service: str) -> dict[str, dict[str, str]]:
        return {"service": {"S": service}, "record": {"S": STATE}}


def history_record(generation: int) -> str:
    """The range key of a transition; sorts by generation."""
    return f"{HISTORY}{generation:012d}"


def _history(before: Circuit, after: Circuit) -> dict[str, Any]:
    return to_item(
        {
            "service": after.service,
            "record": history_record(after.generation),
            "generation": after.generation,
            "from_state": before.state,
            "to_state": after.state,
            "at": after.since,
            "left_closed_at": after.left_closed_at,
            "who": after.who,
            "why": after.why,
            "cause": after.cause,
            "cool_down": after.cool_down,
            "hold_until": after.hold_until,
            "expires_at": int(after.since) + HISTORY_KEPT,
        }
    )


def _view(service: str, values: dict[str, Value]) -> View:
    version, generation = values.get("version"), values.get("generation")
    if isinstance(version, int) and version > VERSION:
        # A newer image's words need be none of ours. Whom it lets call is not known: nobody.
        known = {"state": State.HELD, "version": version, "generation": generation}
        return View(circuit=msgspec.convert({"service": service, **known}, Circuit))
    values.setdefault("service", service)
    return View(
        circuit=msgspec.convert(values, Circuit, strict=False),
        signs=msgspec.convert(values, Signs, strict=False),
    )
