"""The manager's records keep their promises, in memory and in DynamoDB alike."""

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from bench.simulator.records import MemoryRecords
from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.events import Disable
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.state import Circuit, State
from handlers.common.circuit.store import CircuitStore
from handlers.common.errors import AwsUnavailable, Cause
from handlers.common.memory import MemoryCircuitStore
from handlers.subscription_manager.dynamo_records import DynamoRecords
from handlers.subscription_manager.records import (
    PAGE,
    Applied,
    Notes,
    Order,
    Records,
    Redrive,
)
from tests.tables import make_circuit_table
from tests.unit.handlers.subscription_manager.services import RULES

SERVICE = "payments"
MACHINE = Machine(RULES, lambda: 0.0)


@dataclass
class Kept:
    circuits: CircuitStore
    records: Records

    def circuit(self) -> Circuit:
        return self.circuits.read(SERVICE).circuit

    def hold(self, at: float = 1.0) -> Circuit:
        before = self.circuit()
        after = MACHINE.after(before, Disable(who="ada", why="work", hold_until=at + 9), at)
        assert after is not None
        assert self.circuits.write(before, after)
        return after


def in_dynamodb(client: Any) -> Kept:  # noqa: ANN401 - moto's client is boto3's
    table = make_circuit_table(client)
    circuits = DynamoCircuitStore(client, table)
    return Kept(circuits, DynamoRecords(client, table, circuits))


@pytest.fixture(params=["memory", "dynamodb"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        circuits = MemoryCircuitStore()
        return Kept(circuits, MemoryRecords(circuits))
    return in_dynamodb(request.getfixturevalue("dynamodb"))


def test_a_lease_is_anothers_until_it_ends(kept: Kept) -> None:
    assert kept.records.take_lease(SERVICE, "lease", "a", now=100, until=150)
    assert not kept.records.take_lease(SERVICE, "lease", "b", now=149, until=200)
    assert kept.records.take_lease(SERVICE, "lease", "b", now=151, until=200)
    assert not kept.records.keep_lease(SERVICE, "lease", "a", until=300)


def test_a_lease_can_be_held_longer_by_its_owner(kept: Kept) -> None:
    kept.records.take_lease(SERVICE, "lease", "a", now=100, until=150)

    assert kept.records.keep_lease(SERVICE, "lease", "a", until=300)
    assert not kept.records.take_lease(SERVICE, "lease", "b", now=200, until=400)


def test_a_lease_that_was_given_back_is_free(kept: Kept) -> None:
    kept.records.take_lease(SERVICE, "lease", "a", now=100, until=150)
    kept.records.free_lease(SERVICE, "lease", "a")

    assert not kept.records.keep_lease(SERVICE, "lease", "a", until=300)
    assert kept.records.take_lease(SERVICE, "lease", "b", now=101, until=150)


def test_a_lease_is_not_given_back_by_another(kept: Kept) -> None:
    kept.records.take_lease(SERVICE, "lease", "a", now=100, until=150)
    kept.records.free_lease(SERVICE, "lease", "b")

    assert not kept.records.take_lease(SERVICE, "lease", "b", now=101, until=150)


def test_leases_of_other_names_and_services_are_apart(kept: Kept) -> None:
    kept.records.take_lease(SERVICE, "lease", "a", now=100, until=150)

    assert kept.records.take_lease(SERVICE, "redrive-lease", "b", now=100, until=150)
    assert kept.records.take_lease("setup", "lease", "b", now=100, until=150)


def test_a_command_writes_its_effect_and_its_order_together(kept: Kept) -> None:
    before = kept.circuit()
    after = replace(before, state=State.HELD, generation=1, since=1.0)

    assert kept.records.apply(before, after, Order(kind="switch", at=10)) is Applied.DONE
    assert kept.circuit() == after
    assert kept.records.apply(after, after, Order(kind="switch", at=10)) is Applied.STALE


def test_a_command_that_is_not_newer_changes_nothing(kept: Kept) -> None:
    before = kept.circuit()
    kept.records.apply(before, before, Order(kind="switch", at=10))
    after = replace(before, state=State.HELD, generation=1, since=1.0)

    assert kept.records.apply(before, after, Order(kind="switch", at=9.999)) is Applied.STALE
    assert kept.circuit().state is State.CLOSED


def test_a_command_on_a_circuit_that_moved_on_writes_no_order(kept: Kept) -> None:
    before = kept.circuit()
    kept.hold()
    after = replace(before, state=State.HALF_OPEN, generation=1)

    assert kept.records.apply(before, after, Order(kind="switch", at=10)) is Applied.RACED
    assert kept.records.apply(before, before, Order(kind="switch", at=10)) is Applied.RACED
    now = kept.circuit()
    assert kept.records.apply(now, now, Order(kind="switch", at=10)) is Applied.DONE


def test_commands_of_another_kind_have_their_own_order(kept: Kept) -> None:
    assert kept.records.note(SERVICE, Order(kind="status", at=10))
    assert kept.records.note(SERVICE, Order(kind="refresh", at=9))
    assert not kept.records.note(SERVICE, Order(kind="status", at=10))
    assert kept.records.note("setup", Order(kind="status", at=1))


def test_notes_begin_empty_and_are_kept(kept: Kept) -> None:
    assert kept.records.notes(SERVICE) == Notes()
    kept.records.note_head(SERVICE, 5.5)
    kept.records.note_announced(SERVICE, 3)
    kept.records.note_announced(SERVICE, 2)

    assert kept.records.notes(SERVICE) == Notes(announced=3, head_sent_at=5.5)
    kept.records.note_head(SERVICE, None)
    assert kept.records.notes(SERVICE) == Notes(announced=3)


def test_the_history_tells_each_transition_after_a_generation(kept: Kept) -> None:
    for at in (1.0, 2.0, 3.0):
        kept.hold(at)

    second, third = kept.records.transitions(SERVICE, above=1)
    assert (second.generation, third.generation) == (2, 3)
    assert (second.from_state, second.to_state) == ("held", "held")
    assert (second.who, second.why, second.cause) == ("ada", "work", Cause.OPERATOR)
    assert (second.at, second.hold_until) == (2.0, 11.0)
    assert kept.records.transitions("setup", above=0) == []


def test_the_history_is_read_a_page_at_a_time(kept: Kept) -> None:
    for _ in range(PAGE + 1):
        kept.hold()

    assert [one.generation for one in kept.records.transitions(SERVICE, 0)][-1] == PAGE
    assert len(kept.records.transitions(SERVICE, PAGE)) == 1


def test_a_redrive_is_kept_whole(kept: Kept) -> None:
    redrive = Redrive(at=1.5, until=9.5, ids=frozenset({"a", "b"}), end="rejected", remaining=3)

    assert kept.records.redrive(SERVICE) is None
    assert kept.records.start_redrive(SERVICE, redrive)
    assert kept.records.redrive(SERVICE) == redrive


def test_a_newer_redrive_replaces_an_older_one_for_good(kept: Kept) -> None:
    old, new = Redrive(at=1, until=9), Redrive(at=2, until=9, code="defect")
    kept.records.start_redrive(SERVICE, old)

    assert not kept.records.start_redrive(SERVICE, old)
    assert kept.records.start_redrive(SERVICE, new)
    assert not kept.records.update_redrive(SERVICE, replace(old, moved=5))
    assert kept.records.update_redrive(SERVICE, replace(new, moved=6, remaining=None))
    assert kept.records.redrive(SERVICE) == replace(new, moved=6)


def test_a_table_that_is_not_there_is_aws_unavailable(dynamodb: Any) -> None:  # noqa: ANN401 - boto3's
    records = DynamoRecords(dynamodb, "none", DynamoCircuitStore(dynamodb, "none"))

    with pytest.raises(AwsUnavailable, match="ResourceNotFoundException"):
        records.notes(SERVICE)
