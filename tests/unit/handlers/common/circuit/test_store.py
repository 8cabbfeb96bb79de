"""A circuit's store keeps its promises, in memory and in DynamoDB alike."""

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.state import VERSION, Circuit, State
from handlers.common.circuit.store import CircuitStore, Signs
from handlers.common.errors import AwsUnavailable, Cause
from handlers.common.memory import MemoryCircuitStore
from tests.tables import make_circuit_table

FRESH = Circuit(service="payments")
OPEN = Circuit(
    service="payments",
    state=State.OPEN,
    generation=1,
    since=1000.25,
    cause=Cause.UNAVAILABLE,
    who="worker",
    why="503",
    openings=1,
    cool_down=30,
    retry_at=1030.25,
)
HELD = replace(OPEN, state=State.HELD, generation=2, hold_until=2000.5)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> CircuitStore:
    if request.param == "memory":
        return MemoryCircuitStore()
    client = request.getfixturevalue("dynamodb")
    return DynamoCircuitStore(client, make_circuit_table(client))


def test_a_service_that_nobody_wrote_of_is_closed(store: CircuitStore) -> None:
    view = store.read("payments")

    assert view.circuit == FRESH
    assert view.signs == Signs()


def test_a_circuit_is_read_as_it_was_written(store: CircuitStore) -> None:
    assert store.write(FRESH, OPEN)
    assert store.read("payments").circuit == OPEN
    assert store.write(OPEN, HELD)
    assert store.read("payments").circuit == HELD


def test_what_a_new_state_does_not_have_is_gone(store: CircuitStore) -> None:
    store.write(FRESH, OPEN)
    store.write(OPEN, HELD)
    closed = Circuit(service="payments", generation=3, since=3000.0)

    assert store.write(HELD, closed)
    assert store.read("payments").circuit == closed


def test_of_two_writers_on_one_generation_the_first_wins(store: CircuitStore) -> None:
    assert store.write(FRESH, OPEN)

    assert not store.write(FRESH, replace(OPEN, why="another"))
    assert store.read("payments").circuit.why == "503"


def test_a_change_within_a_generation_is_written_on_that_generation_only(
    store: CircuitStore,
) -> None:
    store.write(FRESH, OPEN)

    assert store.write(OPEN, replace(OPEN, retry_at=5.0))
    assert store.read("payments").circuit.retry_at == 5.0
    store.write(OPEN, HELD)
    assert not store.write(OPEN, replace(OPEN, retry_at=6.0))


def test_services_are_apart(store: CircuitStore) -> None:
    store.write(FRESH, OPEN)

    assert store.read("setup").circuit == Circuit(service="setup")


def test_an_older_image_does_not_write_over_a_newer_ones_circuit(store: CircuitStore) -> None:
    store.write(FRESH, replace(OPEN, version=VERSION + 1))

    assert not store.write(OPEN, HELD)
    assert store.read("payments").circuit.generation == OPEN.generation


def test_failures_in_a_row_are_counted_over_all_workers(store: CircuitStore) -> None:
    first = store.note_failure(FRESH, "c-1", 10.0)
    second = store.note_failure(FRESH, "c-2", 11.0)

    assert first is not None
    assert second is not None
    assert (first.streak, second.streak) == (1, 2)
    assert (first.streak_since, second.streak_since) == (10.0, 10.0)
    assert (second.last_failure_by, second.last_failure_at) == ("c-2", 11.0)


def test_a_success_ends_the_row_and_forgives_the_defects(store: CircuitStore) -> None:
    store.note_failure(FRESH, "c-1", 10.0)
    store.note_defect(FRESH, "c-2", 11.0)

    store.note_success(FRESH, "c-3", 12.0)

    signs = store.read("payments").signs
    assert (signs.streak, signs.defects, signs.trouble) == (0, frozenset(), False)
    assert signs.streak_since == 0.0
    assert (signs.last_success_by, signs.last_success_at) == ("c-3", 12.0)


def test_an_older_success_changes_nothing(store: CircuitStore) -> None:
    store.note_success(FRESH, "c-1", 12.0)
    store.note_failure(FRESH, "c-2", 13.0)

    store.note_success(FRESH, "c-3", 11.0)

    signs = store.read("payments").signs
    assert (signs.streak, signs.last_success_by) == (1, "c-1")


def test_each_customer_with_a_defect_is_kept_once(store: CircuitStore) -> None:
    for customer in ("c-1", "c-2", "c-1"):
        signs = store.note_defect(FRESH, customer, 10.0)
        assert signs is not None

    assert store.read("payments").signs.defects == {"c-1", "c-2"}


def test_a_suspect_is_noted_and_counts_in_no_row(store: CircuitStore) -> None:
    signs = store.note_suspect(FRESH, "c-1", 10.0)

    assert signs is not None
    assert (signs.streak, signs.last_failure_by) == (0, "c-1")


def test_signs_of_an_older_generation_are_not_counted(store: CircuitStore) -> None:
    store.write(FRESH, OPEN)

    assert store.note_failure(FRESH, "c-1", 10.0) is None
    assert store.note_suspect(FRESH, "c-1", 10.0) is None
    assert store.note_defect(FRESH, "c-1", 10.0) is None
    store.note_success(FRESH, "c-1", 10.0)
    assert store.read("payments").signs == Signs()


def test_a_new_generation_starts_with_no_row_and_no_defects(store: CircuitStore) -> None:
    store.note_failure(FRESH, "c-1", 10.0)
    store.note_defect(FRESH, "c-1", 11.0)

    store.write(FRESH, OPEN)

    signs = store.read("payments").signs
    assert (signs.streak, signs.streak_since, signs.defects) == (0, 0.0, frozenset())
    assert signs.last_failure_by == "c-1"


def test_a_change_within_a_generation_keeps_the_signs(store: CircuitStore) -> None:
    store.write(FRESH, OPEN)
    store.note_failure(OPEN, "c-1", 10.0)

    store.write(OPEN, replace(OPEN, retry_at=5.0))

    assert store.read("payments").signs.streak == 1


def test_a_transition_and_its_history_are_written_together(dynamodb: Any) -> None:  # noqa: ANN401 - boto3's
    store = DynamoCircuitStore(dynamodb, make_circuit_table(dynamodb))
    store.write(FRESH, OPEN)
    store.write(FRESH, HELD)

    records = [item["record"]["S"] for item in dynamodb.scan(TableName="circuit")["Items"]]

    assert sorted(records) == ["history#000000000001", "state"]


def test_what_is_written_beside_a_circuit_is_written_with_it_or_not_at_all(dynamodb: Any) -> None:  # noqa: ANN401 - boto3's
    store = DynamoCircuitStore(dynamodb, make_circuit_table(dynamodb))
    key = {"service": {"S": "payments"}, "record": {"S": "manager"}}
    beside: Any = {
        "Update": {
            "TableName": "circuit",
            "Key": key,
            "UpdateExpression": "SET mark = :one",
            "ConditionExpression": "attribute_not_exists(mark)",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }

    assert store.write(FRESH, OPEN, also=[beside])
    assert not store.write(OPEN, HELD, also=[beside])
    assert store.read("payments").circuit == OPEN


def test_a_failing_table_is_aws_unavailable(dynamodb: Any) -> None:  # noqa: ANN401 - boto3's
    store = DynamoCircuitStore(dynamodb, "none")

    with pytest.raises(AwsUnavailable):
        store.read("payments")
    with pytest.raises(AwsUnavailable):
        store.write(FRESH, OPEN)
    with pytest.raises(AwsUnavailable):
        store.note_failure(FRESH, "c-1", 1.0)


def test_the_owner_of_the_lease_is_who_the_manager_wrote(dynamodb: Any) -> None:  # noqa: ANN401 - boto3's
    store = DynamoCircuitStore(dynamodb, make_circuit_table(dynamodb))
    assert store.lease_owner("payments") is None
    key = {"service": {"S": "payments"}, "record": {"S": "lease"}}
    dynamodb.put_item(TableName="circuit", Item=key | {"owner": {"S": "manager-1"}})

    assert store.lease_owner("payments") == "manager-1"


def test_of_a_newer_images_circuit_its_version_is_understood_whatever_else_it_says(
    dynamodb: Any,  # noqa: ANN401 - boto3's
) -> None:
    store = DynamoCircuitStore(dynamodb, make_circuit_table(dynamodb))
    words = {"state": "draining", "cause": "fraud", "openings": "many", "defects": "none"}
    newer = {key: {"S": value} for key, value in words.items()}
    key = {"service": {"S": "payments"}, "record": {"S": "state"}}
    numbers = {"version": {"N": str(VERSION + 1)}, "generation": {"N": "7"}}
    dynamodb.put_item(TableName="circuit", Item=key | numbers | newer)

    found = store.read("payments").circuit

    assert (found.version, found.generation) == (VERSION + 1, 7)
    assert not found.calls_allowed
    assert not store.write(found, replace(OPEN, generation=8))
