"""The three proofs over one run of the whole system: denied nothing, unused nothing, no more."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local.emulator.judge import Request
from local.emulator.record import Recorded, Use, denied, read
from local.privilege.__main__ import report
from local.privilege.account import Account
from local.privilege.bounds import SERVICES, out_of_bounds
from local.privilege.parts import Part, parts_of_keys, parts_of_roles
from local.privilege.play import Play
from local.privilege.played import Played
from local.privilege.proofs import by_wildcard, needless_entries, spared, unused
from local.privilege.search import found_in
from local.privilege.table import DOCUMENT, document
from local.project import PREFIX
from local.system import System
from tests.integration.privilege.names import queue, role
from tests.integration.privilege.widened import with_grant


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("play")


@pytest.fixture(scope="module")
def played(directory: Path) -> Played:
    with System.start(directory) as system:
        return Play(system).run()


@pytest.fixture(scope="module")
def account(played: Played) -> Account:
    assert played.account is not None
    return played.account


@pytest.fixture(scope="module")
def parts(account: Account) -> list[Part]:
    return parts_of_roles(account) + parts_of_keys(account)


def test_the_whole_system_runs_and_nothing_is_denied(played: Played) -> None:
    assert [str(one) for one in denied(played.record)] == []


def test_every_role_of_the_system_was_seen_at_work(played: Played, account: Account) -> None:
    assert {one.use.principal for one in played.record} >= set(account.roles)


def test_the_emulator_leaves_the_same_record_behind(played: Played, directory: Path) -> None:
    left = {one.use for one in read((directory / "emulator" / "record.jsonl").read_bytes())}

    assert {one.use for one in played.record} <= left


def test_every_action_on_every_resource_under_every_condition_was_used(
    played: Played, parts: list[Part]
) -> None:
    assert [str(part) for part in unused(parts, played.record)] == []


def test_the_table_of_what_aws_does_for_a_role_has_no_entry_too_many(
    played: Played, parts: list[Part]
) -> None:
    assert needless_entries(parts, played.record) == []


def test_taking_away_any_part_of_any_grant_denies_something_in_the_run(
    played: Played, account: Account, parts: list[Part]
) -> None:
    assert [str(part) for part in spared(account, parts, played.record)] == []


def test_nothing_passes_by_a_wildcard_where_a_name_could_stand(parts: list[Part]) -> None:
    assert [str(part) for part in by_wildcard(parts)] == []


def test_every_other_action_on_every_resource_is_denied_to_every_role(
    played: Played, account: Account, record_property: Callable[[str, object], None]
) -> None:
    bounds = out_of_bounds(account, played.record)

    assert bounds.passed == []
    assert set(bounds.tried) == set(account.roles)
    record_property("tried", sum(bounds.tried.values()))


def test_real_calls_beyond_the_bounds_are_denied_in_every_service(
    played: Played, record_property: Callable[[str, object], None]
) -> None:
    passed = [one for one in played.oversteps if not one.denied]
    tried = Counter(one.call.service for one in played.oversteps)

    assert passed == []
    assert set(tried) >= set(SERVICES) - {"xray"}
    judges = Counter("+".join(one.use.by) for one in played.denials)
    record_property("denied by", dict(judges))
    assert judges.keys() <= {"emulator", "judge", "emulator+judge"}


WIDER = [
    ("one more action", {"Action": "sqs:PurgeQueue", "Resource": queue("payment-processing.fifo")}),
    ("one more queue", {"Action": "sqs:ReceiveMessage", "Resource": queue("unrouted.fifo")}),
    ("a wildcard action", {"Action": "dynamodb:*Item", "Resource": "*"}),
    ("a whole service", {"Action": "kms:*", "Resource": "*"}),
]


@pytest.mark.parametrize("grant", [grant for _, grant in WIDER], ids=[name for name, _ in WIDER])
def test_a_role_that_was_widened_fails_both_proofs(
    played: Played, account: Account, grant: dict[str, str]
) -> None:
    widened = role("bank-account-setup")
    wider = with_grant(account, widened, {"Effect": "Allow", **grant})

    assert out_of_bounds(wider, played.record, [widened]).passed
    assert unused(parts_of_roles(wider), played.record) or by_wildcard(parts_of_roles(wider))


def test_a_role_that_was_narrowed_fails_the_run(played: Played, account: Account) -> None:
    narrowed = role("payment-processing")
    lost = account.roles[narrowed][-1]
    without = account.without(narrowed, lost)
    uses = [one.use for one in played.record if one.use.principal == narrowed]

    refused = [
        use
        for use in uses
        if not without.decide(
            Request(
                principal=use.principal,
                action=use.action,
                resource=use.resource,
                context=dict(use.context),
            )
        ).allowed
    ]

    assert {use.action for use in refused} <= set(lost.actions)
    assert refused


def test_the_report_of_a_run_that_proves_everything_holds(played: Played, directory: Path) -> None:
    said, holds = report(played, directory)

    assert holds, said


def test_a_grant_that_is_missing_and_one_that_nobody_used_are_named(
    played: Played, account: Account, directory: Path
) -> None:
    wider = with_grant(account, role("operator"), {"Effect": "Allow", **WIDER[0][1]})
    refused = Use(principal=role("operator"), action="sqs:SendMessage", resource="q", allowed=False)
    record = [*played.record, Recorded(use=refused, count=1)]

    said, holds = report(replace(played, account=wider, record=record), directory)

    assert not holds
    assert f"  {PREFIX}-operator: sqs:SendMessage on q" in said
    assert f"  {PREFIX}-operator: sqs:PurgeQueue on {queue('payment-processing.fifo')}" in said


def test_the_table_of_grants_in_the_docs_is_the_one_of_this_run(played: Played) -> None:
    assert DOCUMENT.read_text() == document(played.record), "python -m local.privilege writes it"


def test_no_account_number_and_no_key_is_written_anywhere(played: Played, directory: Path) -> None:
    assert len(set(played.numbers)) == 2 * played.sent
    assert found_in(played.numbers + played.keys, played.texts, directory) == []


def test_a_number_that_was_planted_is_found(played: Played, directory: Path) -> None:
    account_number, routing_number, key = *played.numbers[:2], played.keys[0]
    planted = directory / "functions" / "planted.log"
    planted.write_text(f'{{"routing": "{routing_number}"}}')
    texts = {**played.texts, "outcomes": f"to {account_number}", "status": f"x{key}"}
    try:
        found = found_in([account_number, routing_number, key], texts, directory)
    finally:
        planted.unlink()

    assert sorted(place for place, _ in found) == ["functions/planted.log", "outcomes", "status"]


def test_everything_that_is_written_was_looked_at(played: Played) -> None:
    assert {place for place, text in played.texts.items() if len(text) > 100} == set(played.texts)
    assert "reason" in played.texts["dead letters"]


def test_a_key_that_was_changed_under_load_closes_the_circuits_by_the_next_probe(
    played: Played,
) -> None:
    for history in played.histories.values():
        assert history[:3] == [
            ("closed", "open", "misconfigured"),
            ("open", "half_open", "misconfigured"),
            ("half_open", "closed", ""),
        ]


def test_a_key_that_was_changed_costs_no_dead_letter_and_no_second_booking(played: Played) -> None:
    assert set(played.dead_letters.values()) == {0}
    assert set(played.bookings.values()) == {1}
