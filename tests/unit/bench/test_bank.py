import json
import random
from collections.abc import Callable

import pytest
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from bench.simulator.bank import Answer, Bank, Manners, Outage
from bench.simulator.engine import Engine

DAY = 86_400.0


def asked(
    manners: Manners, *steps: tuple[float, Callable[[Bank], Answer]]
) -> tuple[Bank, list[int]]:
    """The bank, and the statuses of its answers to steps at their moments; 0 for none."""
    statuses: list[int] = []
    with Engine() as engine:
        bank = Bank(engine, manners, random.Random(1))  # noqa: S311 - chance in a test

        def work() -> None:
            for moment, step in steps:
                engine.sleep(moment - engine.now)
                try:
                    statuses.append(step(bank).status)
                except (ReadTimeoutError, NewConnectionError):
                    statuses.append(0)

        engine.start(work)
        engine.run(100 * DAY)
    return bank, statuses


def pay(bank: Bank, key: str = "k", customer: str = "c", api_key: str = "key") -> Answer:
    headers = {"Authorization": f"Bearer {api_key}", "Idempotency-Key": key}
    body = json.dumps({"customer_id": customer}).encode()
    return bank.request("POST", "/v1/payments", body=body, headers=headers, redirect=False)


def look(bank: Bank, path: str) -> Answer:
    headers = {"Authorization": "Bearer key"}
    return bank.request("GET", path, body=None, headers=headers, redirect=False)


def health(bank: Bank) -> Answer:
    return look(bank, "/health")


def inquire(bank: Bank) -> Answer:
    return look(bank, "/v1/transactions/k")


def test_a_key_is_booked_once_while_it_is_remembered_and_again_after_that() -> None:
    bank, statuses = asked(Manners(), (0, pay), (DAY / 2, pay), (DAY * 2, pay))

    assert statuses == [201, 201, 201]
    assert len(bank.books.bookings["k"]) == 2


def test_an_outage_fails_calls_and_may_book_them_all_the_same() -> None:
    outage = Outage(start=10, end=20, booked=1.0)
    bank, statuses = asked(Manners(outages=(outage,)), (12, pay), (30, pay))

    assert statuses == [500, 201]
    assert len(bank.books.bookings["k"]) == 1
    assert len(bank.books.failed) == 1


@pytest.mark.parametrize(("honest", "status"), [(True, 503), (False, 200)])
def test_the_health_endpoint_tells_of_an_outage_or_lies(honest: bool, status: int) -> None:
    manners = Manners(outages=(Outage(start=10, end=20),), honest=honest)

    _, statuses = asked(manners, (12, health), (30, health))

    assert statuses == [status, 200]


@pytest.mark.parametrize("kind", ["timeout", "refused"])
def test_an_outage_may_give_no_answer(kind: str) -> None:
    bank, statuses = asked(Manners(outages=(Outage(start=10, end=50, kind=kind),)), (12, pay))

    assert statuses == [0]
    assert len(bank.books.failed) == 1


@pytest.mark.parametrize(("tells", "later"), [(True, 200), (False, 410)])
def test_what_it_booked_it_can_say_for_ever_or_while_it_remembers(tells: bool, later: int) -> None:
    _, statuses = asked(Manners(tells=tells), (0, pay), (10, inquire), (2 * DAY, inquire))

    assert statuses == [201, 200, later]


def test_a_rotated_key_is_refused() -> None:
    manners = Manners(keys=((0.0, "key"), (10.0, "new")))

    _, statuses = asked(manners, (0, pay), (12, pay), (14, lambda bank: pay(bank, api_key="new")))

    assert statuses == [201, 401, 201]


def test_it_breaks_on_some_customers_messages_only() -> None:
    manners = Manners(breaks_on=frozenset({"poison"}))

    _, statuses = asked(
        manners, (0, lambda bank: pay(bank, "a", "poison")), (1, lambda bank: pay(bank, "b"))
    )

    assert statuses == [500, 201]
