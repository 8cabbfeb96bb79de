"""A ledger that was brought back to an older moment pays nothing twice: docs/restore.md, played."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers.common.circuit.events import Enable, Verdict
from handlers.common.errors import AwsUnavailable, Cause, InvalidMessage
from handlers.common.ledger.entries import Entry, Status
from handlers.common.ledger.guard import (
    LOOK_AGAIN,
    DynamoIdentities,
    GuardedLedger,
    Identity,
)
from handlers.common.memory import MemoryLedger
from tests.replacing import replace_method
from tests.tables import make_circuit_table, make_ledger_table
from tests.unit.handlers.common.figures import SERVICE
from tests.unit.handlers.common.records import payment
from tests.unit.handlers.common.worker.probing import Queue, probed
from tests.unit.handlers.common.world import World
from tests.unit.handlers.rules import FIRST_FAILURE

DAY = 86_400.0


@dataclass
class Tables:
    """The table that is there, and what was noted of it."""

    table: str = "first"
    noted: dict[str, Identity] = field(default_factory=dict[str, Identity])
    looks: int = 0

    def actual(self) -> str:
        self.looks += 1
        return self.table

    def known(self, service: str, first: str) -> Identity:
        return self.noted.setdefault(service, Identity(table=first))


class Restored:
    """A service whose ledger can be brought back; `guarded` is the code as it is deployed."""

    def __init__(self, *, guarded: bool = True) -> None:
        self.world, self.tables, self.entries = World(FIRST_FAILURE), Tables(), MemoryLedger()
        self.guarded = guarded
        self._kept: dict[str, Entry] = {}
        self._kept_at = 0.0
        self.restart()

    def restart(self) -> None:
        guard: Any = GuardedLedger(self.entries, self.tables, SERVICE)
        self.world.ledger = guard if self.guarded else self.entries
        self.world.start()

    def keep(self) -> None:
        """The moment to which the ledger will be brought back."""
        self._kept, self._kept_at = dict(self.entries.entries), self.world.now

    def bring_back(self) -> None:
        self.entries.entries.clear()
        self.entries.entries.update(self._kept)
        self.tables.table = "second"

    def say_so(self, wrong_by: float = 0.0) -> None:
        """What an administrator notes, and the operator's `enable`."""
        moment = self._kept_at + wrong_by
        self.tables.noted[SERVICE] = Identity(table="second", restored_to=moment)
        before = self.world.circuit
        after = self.world.machine.after(before, Enable(who="ada"), self.world.now)
        assert after is not None
        assert self.world.store.write(before, after)
        self.world.now += 2

    def status(self, message: str) -> Status:
        return self.entries.entries[f"{SERVICE}#{message}"].status


def lost(*, guarded: bool = True) -> Restored:
    """m1 was paid before the moment, m2 after it; two days on, the bank knows no key any more."""
    restored = Restored(guarded=guarded)
    assert restored.world.batch(payment("m1")) == []
    restored.keep()
    restored.world.now += 60
    assert restored.world.batch(payment("m2", customer="c2")) == []
    restored.world.now += 2 * DAY
    restored.bring_back()
    return restored


def repeated(restored: Restored, message: str, customer: str) -> list[str]:
    return restored.world.batch(payment(message, customer=customer, carrier=f"again-{message}"))


def test_without_the_guard_what_the_ledger_has_forgotten_is_paid_twice() -> None:
    restored = lost(guarded=False)

    repeated(restored, "m2", "c2")

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 2


@pytest.mark.parametrize("again", [False, True], ids=["process goes on", "new process"])
def test_until_someone_says_what_it_knows_nothing_is_begun(*, again: bool) -> None:
    restored = lost()
    if again:
        restored.restart()
    calls = len(restored.world.bank.called)

    assert repeated(restored, "m2", "c2") == ["again-m2"]

    assert len(restored.world.bank.called) == calls
    (trip,) = restored.world.sink.trips
    assert trip.cause is Cause.MISCONFIGURED
    assert "table second" in trip.why


def test_until_then_no_probe_of_a_message_lets_the_circuit_close() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")

    result = probed(restored.world, Queue(payment("m2", customer="c2", carrier="again-m2")))

    assert (result.verdict, result.cause) == (Verdict.UNWELL, Cause.MISCONFIGURED)


def test_what_was_paid_after_the_moment_is_found_at_the_bank() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 1
    assert restored.world.bank.inquired == [f"{SERVICE}#m2"]
    assert restored.status("m2") is Status.COMPLETED


@pytest.mark.parametrize(("wrong_by", "paid"), [(-DAY, 1), (2 * DAY, 2)], ids=["early", "late"])
def test_a_moment_that_is_wrong_is_safe_if_it_is_too_early_and_not_if_it_is_too_late(
    wrong_by: float, paid: int
) -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so(wrong_by)

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == paid


def test_what_was_paid_before_the_moment_is_known_without_asking() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert repeated(restored, "m1", "c1") == []

    assert restored.world.bank.inquired == []


def test_what_is_new_is_paid_once_after_the_bank_has_said_that_it_is() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    assert restored.world.batch(payment("m3", customer="c3")) == []

    assert restored.world.bank.inquired == [f"{SERVICE}#m3"]
    assert restored.world.bank.booked.count(f"{SERVICE}#m3") == 1


def test_what_is_new_and_breaks_our_own_rules_is_refused_as_ever() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()

    def refuse(transaction: object) -> None:
        raise InvalidMessage("invalid_routing_number", type(transaction).__name__)

    replace_method(restored.world.kind, "check", refuse)
    restored.world.start()

    assert restored.world.batch(payment("m3", customer="c3")) == []

    assert restored.status("m3") is Status.REJECTED
    assert restored.world.bank.inquired == []


def test_what_the_bank_cannot_say_is_left_to_people_and_not_paid() -> None:
    restored = lost()
    repeated(restored, "m2", "c2")
    restored.say_so()
    restored.world.bank.can_say = False

    assert repeated(restored, "m2", "c2") == []

    assert restored.world.bank.booked.count(f"{SERVICE}#m2") == 1
    assert restored.status("m2") is Status.OUTCOME_UNKNOWN


def test_a_rejection_that_was_redriven_and_paid_is_not_paid_again() -> None:
    restored = Restored()
    restored.world.bank.script = ["402"]
    restored.world.batch(payment("m1"))
    restored.keep()
    restored.world.now += 60
    redriven = payment("m1", carrier="redriven", attributes={"redrive_id": "letter-1"})
    assert restored.world.batch(redriven) == []
    restored.world.now += 2 * DAY
    restored.bring_back()
    restored.world.batch(redriven)
    restored.say_so()

    restored.world.batch(redriven)

    assert restored.world.bank.booked == [f"{SERVICE}#m1"]
    assert restored.status("m1") is Status.COMPLETED


def test_the_table_is_looked_at_now_and_then_not_for_every_message() -> None:
    restored = Restored()
    for number in range(5):
        restored.world.batch(payment(f"n{number}", customer=f"c{number}"))
    assert restored.tables.looks == 1

    restored.world.now += LOOK_AGAIN
    restored.world.batch(payment("last", customer="c-last"))

    assert restored.tables.looks == 2


# In DynamoDB


@pytest.fixture
def client(dynamodb: Any) -> Any:  # noqa: ANN401 - boto3's client
    make_ledger_table(dynamodb)
    make_circuit_table(dynamodb)
    return dynamodb


def test_the_first_table_is_noted_and_another_is_told_apart(client: Any) -> None:  # noqa: ANN401 - see above
    identities = DynamoIdentities(client, "ledger", "circuit")
    first = identities.actual()
    assert identities.known(SERVICE, first) == Identity(table=first)
    client.delete_table(TableName="ledger")
    make_ledger_table(client)

    second = identities.actual()

    assert second != first
    assert identities.known(SERVICE, second) == Identity(table=first)


def test_what_an_administrator_notes_is_read(client: Any) -> None:  # noqa: ANN401 - see above
    client.put_item(
        TableName="circuit",
        Item={
            "service": {"S": SERVICE},
            "record": {"S": "ledger"},
            "table": {"S": "t"},
            "restored_to": {"N": "1700000000"},
        },
    )

    known = DynamoIdentities(client, "ledger", "circuit").known(SERVICE, "other")

    assert known == Identity(table="t", restored_to=1_700_000_000.0)


def test_a_table_that_is_gone_is_aws_failing(client: Any) -> None:  # noqa: ANN401 - see above
    client.delete_table(TableName="ledger")

    with pytest.raises(AwsUnavailable):
        DynamoIdentities(client, "ledger", "circuit").actual()
