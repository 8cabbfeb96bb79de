"""A run as it must be has no finding; one thing changed has exactly the finding that names it."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from local.scenario.checks import Verdict, judge
from local.scenario.facts import Announced, Booked, DeadLetter, Facts
from local.scenario.lines import End, Expect, Line

PAYMENTS = "payment-processing"


def line(number: int, end: End, message_id: str | None, **more: Any) -> Line:  # noqa: ANN401 - Line's own fields
    message: dict[str, object] = {"customer_id": "c-1", "n": more.pop("content", 0)}
    if message_id is not None:
        message["message_id"] = message_id
    fields: dict[str, Any] = {
        "act": "steady",
        "expect": Expect(end=end, amount=Decimal("5.00") if end == "completed" else None),
        "group": "c-1",
        "dedup": f"d-{number}",
        "attributes": {"transaction_type": "payment"},
        "message": msgspec.Raw(msgspec.json.encode(message)),
    }
    return Line(**fields | more, number=number)


LINES = [
    line(1, "completed", "a"),
    line(2, "completed", "b"),
    line(3, "duplicate", "a"),
    line(4, "rejected", "a", content=1, expect=Expect(end="rejected", code="id_reused")),
    line(5, "rejected", None),
    line(6, "unrouted", "u", attributes={"transaction_type": "lottery"}),
    line(7, "dead_lettered", "d"),
]


def booked(number: int, message_id: str, **more: Any) -> Booked:  # noqa: ANN401 - Booked's own fields
    fields: dict[str, Any] = {"customer": "c-1", "amount": Decimal("5.0"), "fee": None}
    return Booked(number=number, key=f"{PAYMENTS}#{message_id}", **fields | more)


def letter(of: Line, end: str | None, code: str | None = None) -> DeadLetter:
    return DeadLetter(
        service=PAYMENTS, body=of.body, end=end, code=code, carrier=f"sqs-{of.number}"
    )


def announced(message_id: str, outcome: str) -> Announced:
    return Announced(service=PAYMENTS, message_id=message_id, outcome=outcome)


GOOD = Facts(
    sent=[line.number for line in LINES],
    booked=[booked(1, "a"), booked(2, "b")],
    dead_letters=[
        letter(LINES[3], "rejected", "id_reused"),
        letter(LINES[4], "rejected"),
        letter(LINES[6], "dead_lettered"),
    ],
    unrouted=[LINES[5].body],
    announced=[
        announced("a", "completed"),
        announced("b", "completed"),
        announced("a", "rejected"),
        announced("sqs-5", "rejected"),
        announced("d", "dead_lettered"),
    ],
    waiting={},
)


def changed(**fields: object) -> Verdict:
    return judge(LINES, msgspec.structs.replace(GOOD, **fields))


def named(verdict: Verdict) -> list[tuple[str, int | None]]:
    return [(finding.kind, finding.line) for finding in verdict.findings]


def test_a_run_as_it_must_be_has_no_finding_and_its_ends_add_up_to_what_was_sent() -> None:
    verdict = judge(LINES, GOOD)
    assert verdict.findings == []
    assert msgspec.structs.asdict(verdict.counts) == {
        "sent": 7,
        "completed": 2,
        "rejected": 2,
        "dead_lettered": 1,
        "unrouted": 1,
        "duplicates_suppressed": 1,
        "lost": 0,
        "double_charges": 0,
        "order_violations": 0,
    }


def test_a_dropped_message_is_lost_and_named() -> None:
    verdict = changed(booked=[booked(1, "a")])
    assert named(verdict) == [("lost", 2)]
    assert verdict.counts.lost == 1
    assert "line 2 (b): lost" in str(verdict.findings[0])


def test_a_doubled_message_is_a_double_charge_and_named() -> None:
    verdict = changed(booked=[*GOOD.booked, booked(3, "b")])
    assert named(verdict) == [("double charge", 2)]
    assert verdict.counts.double_charges == 1


def test_a_repeat_that_was_carried_out_is_a_double_charge_and_no_suppressed_duplicate() -> None:
    verdict = changed(booked=[*GOOD.booked, booked(3, "a")])
    assert named(verdict) == [("double charge", 1)]
    assert verdict.counts.duplicates_suppressed == 0


def test_two_swapped_messages_of_a_customer_are_an_order_violation_and_named() -> None:
    verdict = changed(booked=[booked(1, "b"), booked(2, "a")])
    assert named(verdict) == [("order", 2)]
    assert verdict.counts.order_violations == 1
    assert "before line 1 (a)" in verdict.findings[0].text


def test_two_customers_have_no_order_between_them() -> None:
    lines = [LINES[0], msgspec.structs.replace(LINES[1], group="c-2")]
    facts = Facts(
        sent=[1, 2],
        booked=[booked(1, "b", customer="c-2"), booked(2, "a")],
        dead_letters=[],
        unrouted=[],
        announced=[announced("a", "completed"), announced("b", "completed")],
        waiting={},
    )
    assert judge(lines, facts).findings == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        pytest.param(
            {"dead_letters": [*GOOD.dead_letters, letter(LINES[1], None)]},
            ("end", 2),
            id="a good message that is in the dead-letter queue too",
        ),
        pytest.param(
            {"dead_letters": [*GOOD.dead_letters, letter(LINES[0], "rejected")]},
            ("end", 1),
            id="a duplicate that was dead-lettered",
        ),
        pytest.param(
            {"dead_letters": [letter(LINES[3], "rejected", "x"), *GOOD.dead_letters[1:]]},
            ("reason", 4),
            id="a rejection for another reason",
        ),
        pytest.param(
            {"booked": [*GOOD.booked, booked(3, "d")]},
            ("end", 7),
            id="a message that had to be dead-lettered and was carried out",
        ),
        pytest.param(
            {"booked": [*GOOD.booked, booked(3, "made-up")]},
            ("booking", None),
            id="a booking that nobody asked for",
        ),
        pytest.param(
            {"booked": [GOOD.booked[0], booked(2, "b", amount=Decimal(6))]},
            ("booking", 2),
            id="another amount",
        ),
        pytest.param(
            {"booked": [GOOD.booked[0], booked(2, "b", fee=Decimal(1))]},
            ("booking", 2),
            id="a fee that was not due",
        ),
        pytest.param(
            {"booked": [GOOD.booked[0], booked(2, "b", customer="c-2")]},
            ("booking", 2),
            id="another customer",
        ),
        pytest.param({"unrouted": []}, ("lost", 6), id="an unroutable message that is gone"),
        pytest.param(
            {"unrouted": [LINES[5].body, "stray"]},
            ("left over", None),
            id="an unrouted message that nobody sent",
        ),
        pytest.param(
            {"announced": GOOD.announced[1:]},
            ("announcement", 1),
            id="an end that was not announced",
        ),
        pytest.param(
            {"announced": [*GOOD.announced, announced("b", "rejected")]},
            ("announcement", None),
            id="an end that was announced and did not happen",
        ),
        pytest.param(
            {"waiting": {"payments.fifo": 2}},
            ("left over", None),
            id="messages still in a queue",
        ),
    ],
)
def test_each_difference_is_found_and_named(
    change: dict[str, object], finding: tuple[str, int | None]
) -> None:
    assert finding in named(changed(**change))


def test_a_line_that_was_never_sent_is_not_asked_after() -> None:
    assert judge([*LINES, line(8, "completed", "later")], GOOD).findings == [], (
        "only what was sent can be lost"
    )


def test_what_nobody_sent_is_named_by_its_id_and_shows_no_account() -> None:
    stray = '{"message_id": "m-9", "account_number": "98765432101234567"}'

    (found,) = changed(unrouted=[LINES[5].body, stray]).findings

    assert found.message_id == "m-9"
    assert "98765432101234567" not in str(found)
