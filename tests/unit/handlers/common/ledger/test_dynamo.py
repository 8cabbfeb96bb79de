"""Both ledgers keep one contract: in DynamoDB, and in memory."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from handlers.common.errors import AwsUnavailable, Busy, IdReused
from handlers.common.ledger.dynamo import DynamoLedger
from handlers.common.ledger.entries import Claim, Entry, Ledger, Status
from handlers.common.memory import MemoryLedger
from tests.tables import make_ledger_table

RETENTION = 90 * 24 * 3600
NOW = 1_700_000_000.123457


@pytest.fixture
def client(dynamodb: Any) -> Any:  # noqa: ANN401 - boto3's client
    make_ledger_table(dynamodb)
    return dynamodb


@pytest.fixture(params=["dynamo", "memory"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    return DynamoLedger(request.getfixturevalue("client"), "ledger", RETENTION)


CLAIM = Claim(
    id="payment-processing#m1",
    fingerprint="f1",
    carrier="sqs-1",
    group="payment-processing#c1",
    sent_at=1_700_000_000_000,
    now=NOW,
    lease_until=NOW + 32,
)


def later(seconds: float, **changes: object) -> Claim:
    return replace(CLAIM, now=round(NOW + seconds, 6), lease_until=NOW + seconds + 32, **changes)


def ended(ledger: Ledger, status: Status, claim: Claim = CLAIM) -> None:
    entry = ledger.begin(claim).entry
    assert ledger.write(entry, replace(entry, status=status, end=status, reference="r"))


def test_a_new_transaction_is_taken(ledger: Ledger) -> None:
    begun = ledger.begin(CLAIM)
    assert begun.before is None
    assert not begun.crashed
    assert begun.called_before is None
    assert (begun.entry.status, begun.entry.attempt) == (Status.IN_PROGRESS, 1)
    assert begun.entry.called_at == NOW


def test_what_another_attempt_holds_is_busy_until_its_lease_ends(ledger: Ledger) -> None:
    ledger.begin(CLAIM)
    with pytest.raises(Busy) as busy:
        ledger.begin(later(10, carrier="sqs-2"))
    assert busy.value.delay == pytest.approx(22)
    begun = ledger.begin(later(33, carrier="sqs-2"))
    assert begun.crashed
    assert begun.entry.attempt == 2
    assert begun.called_before == NOW


def test_the_same_carrier_too_is_busy_while_its_first_attempt_may_live(ledger: Ledger) -> None:
    ledger.begin(CLAIM)
    with pytest.raises(Busy):
        ledger.begin(later(10))


def test_our_own_write_whose_answer_was_lost_is_ours(ledger: Ledger) -> None:
    ledger.begin(CLAIM)
    begun = ledger.begin(CLAIM)
    assert begun.entry.attempt == 1
    assert not begun.crashed
    assert begun.called_before is None


def test_another_body_under_the_same_id_is_refused_at_any_time(ledger: Ledger) -> None:
    ledger.begin(CLAIM)
    with pytest.raises(IdReused):
        ledger.begin(later(1, fingerprint="f2"))
    with pytest.raises(IdReused):
        ledger.begin(later(1000, fingerprint="f2"))


def test_what_was_handed_back_is_taken_again_with_what_is_known(ledger: Ledger) -> None:
    entry = ledger.begin(CLAIM).entry
    waiting = replace(
        entry,
        status=Status.WAITING,
        attempt=0,
        called_at=None,
        failed_at=NOW + 1,
        first_failure_at=NOW + 2,
        end=Status.COMPLETED,
        reference="r",
    )
    assert ledger.write(entry, waiting)
    begun = ledger.begin(later(5, carrier="sqs-2"))
    assert not begun.crashed
    assert begun.called_before is None
    found = begun.entry
    assert (found.attempt, found.carrier) == (1, "sqs-2")
    assert (found.failed_at, found.first_failure_at) == (NOW + 1, NOW + 2)
    assert (found.end, found.reference) == (Status.COMPLETED, "r")


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.REJECTED, Status.DEAD_LETTERED])
def test_an_end_is_known_to_every_carrier(ledger: Ledger, status: Status) -> None:
    ended(ledger, status)
    begun = ledger.begin(later(100, carrier="sqs-2"))
    assert begun.entry.ended
    assert begun.entry.status is status
    assert begun.entry.reference == "r"


@pytest.mark.parametrize("status", [Status.REJECTED, Status.DEAD_LETTERED, Status.OUTCOME_UNKNOWN])
def test_a_new_redrive_reopens_an_end_once(ledger: Ledger, status: Status) -> None:
    ended(ledger, status)
    begun = ledger.begin(later(100, carrier="sqs-2", redrive_id="r1"))
    assert (begun.entry.status, begun.entry.attempt) == (Status.IN_PROGRESS, 1)
    assert begun.entry.end is None
    assert begun.called_before == (None if status is Status.REJECTED else NOW)
    assert ledger.write(begun.entry, replace(begun.entry, status=status))
    assert ledger.begin(later(200, carrier="sqs-3", redrive_id="r1")).entry.ended
    assert not ledger.begin(later(300, carrier="sqs-4", redrive_id="r2")).entry.ended


def test_what_completed_reopens_for_no_redrive(ledger: Ledger) -> None:
    ended(ledger, Status.COMPLETED)
    assert ledger.begin(later(100, carrier="sqs-2", redrive_id="r1")).entry.ended


def test_a_lost_entry_is_not_written(ledger: Ledger) -> None:
    first = ledger.begin(CLAIM).entry
    second = ledger.begin(later(33, carrier="sqs-2")).entry
    assert not ledger.write(first, replace(first, status=Status.COMPLETED))
    assert ledger.write(second, replace(second, status=Status.REJECTED))
    assert not ledger.write(second, replace(second, status=Status.COMPLETED))
    assert ledger.begin(later(99)).entry.status is Status.REJECTED


def item(client: Any) -> dict[str, Any]:  # noqa: ANN401 - botocore's client
    return client.get_item(TableName="ledger", Key={"id": {"S": CLAIM.id}})["Item"]


def test_every_write_renews_the_entrys_life(client: Any) -> None:  # noqa: ANN401 - botocore's client
    ledger = DynamoLedger(client, "ledger", RETENTION)
    ledger.begin(CLAIM)
    begun = ledger.begin(later(1000, carrier="sqs-2"))
    ledger.write(begun.entry, replace(begun.entry, status=Status.REJECTED))
    assert item(client)["expires_at"] == {"N": str(int(NOW + 1000 + RETENTION))}
    ledger.begin(later(2000, carrier="sqs-3", redrive_id="r1"))
    assert item(client)["expires_at"] == {"N": str(int(NOW + 2000 + RETENTION))}


@pytest.mark.parametrize("fingerprint", [CLAIM.fingerprint, "f2"])
@pytest.mark.parametrize("status", list(Status))
def test_an_expired_entry_is_as_none_though_dynamodb_still_has_it(
    client: Any,  # noqa: ANN401 - botocore's client
    status: Status,
    fingerprint: str,
) -> None:
    ledger = DynamoLedger(client, "ledger", RETENTION)
    entry = ledger.begin(CLAIM).entry
    ledger.write(entry, replace(entry, status=status))
    begun = ledger.begin(later(RETENTION + 1, carrier="sqs-2", fingerprint=fingerprint))
    assert (begun.entry.attempt, begun.called_before) == (1, None)
    assert item(client)["fingerprint"] == {"S": fingerprint}


@pytest.mark.parametrize("status", [Status.WAITING, Status.REJECTED])
def test_what_newer_code_wrote_into_an_entry_is_passed_over(
    client: Any,  # noqa: ANN401 - botocore's client
    status: Status,
) -> None:
    ledger = DynamoLedger(client, "ledger", RETENTION)
    ended(ledger, status)
    newer = {"a_newer_field": {"M": {"of": {"S": "another kind"}}}}
    client.put_item(TableName="ledger", Item=item(client) | newer)
    assert ledger.begin(later(100)).entry.ended is (status is Status.REJECTED)
    assert not ledger.begin(later(200, carrier="sqs-2", redrive_id="r1")).entry.ended


def test_what_is_none_is_removed(client: Any) -> None:  # noqa: ANN401 - botocore's client
    ledger = DynamoLedger(client, "ledger", RETENTION)
    entry = ledger.begin(CLAIM).entry
    ledger.write(entry, replace(entry, status=Status.WAITING, called_at=None))
    assert "called_at" not in item(client)


def test_a_reopening_that_another_won_is_judged_again(
    client: Any,  # noqa: ANN401 - botocore's client
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = DynamoLedger(client, "ledger", RETENTION)
    ended(ledger, Status.REJECTED)
    put, other = client.put_item, DynamoLedger(client, "ledger", RETENTION)

    def second(**given: Any) -> Any:  # noqa: ANN401 - passed on
        monkeypatch.setattr(client, "put_item", put)
        other.begin(later(50, carrier="sqs-other", redrive_id="r1"))
        return put(**given)

    monkeypatch.setattr(client, "put_item", second)
    with pytest.raises(Busy):
        ledger.begin(later(51, carrier="sqs-2", redrive_id="r2"))


@pytest.mark.parametrize("method", ["begin", "write"])
def test_dynamodb_failing_is_awss_fault(method: str) -> None:
    class Failing:
        def update_item(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    client: Any = Failing()
    ledger = DynamoLedger(client, "ledger", RETENTION)
    entry = Entry(id="x", carrier="c")
    with pytest.raises(AwsUnavailable, match="ThrottlingException"):
        _ = ledger.begin(CLAIM) if method == "begin" else ledger.write(entry, entry)
