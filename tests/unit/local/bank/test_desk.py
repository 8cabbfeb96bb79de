import asyncio
from collections.abc import Coroutine
from decimal import Decimal

import msgspec
import pytest

from local.bank.desk import Answer, Desk, Settings
from local.bank.faults import Fault

KEY = "payment-processing#m-1"
BODY = b'{"customer_id":"c-1","amount":"120.00","fee":"3.00","payment_method":"bank_account"}'


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def desk(clock: Clock | None = None, **settings: object) -> Desk:
    made = msgspec.convert(settings, type=Settings)
    return Desk(made) if clock is None else Desk(made, clock=clock)


def run(call: Coroutine[object, object, Answer | None]) -> Answer:
    answer = asyncio.run(call)
    assert answer is not None
    return answer


def pay(
    bank: Desk, key: str = KEY, body: bytes = BODY, authorization: str = ""
) -> Coroutine[object, object, Answer | None]:
    return bank.order("payments", body, key=key, authorization=authorization)


def bookings(bank: Desk) -> list[str]:
    return [booking.key for booking in bank.books.extract().bookings]


def test_a_payment_is_booked_with_its_amount_and_fee_to_the_cent() -> None:
    bank = desk()
    answer = run(pay(bank))
    booking = bank.books.extract().bookings[0]
    assert answer.status == 201
    assert answer.body == {"reference": booking.reference}
    assert (booking.amount, booking.fee) == (Decimal("120.00"), Decimal("3.00"))


def test_the_same_key_and_body_get_the_first_answer_again_and_one_booking() -> None:
    bank = desk()
    reordered = msgspec.json.encode(dict(sorted(msgspec.json.decode(BODY).items())))
    assert run(pay(bank)) == run(pay(bank, body=reordered))
    assert bookings(bank) == [KEY]


def test_the_same_key_with_another_body_is_a_business_error() -> None:
    bank = desk()
    run(pay(bank))
    answer = run(pay(bank, body=BODY.replace(b"120", b"121")))
    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert bookings(bank) == [KEY]


def test_after_the_memory_of_keys_the_same_key_books_again() -> None:
    clock = Clock()
    bank = desk(clock, key_memory=60)
    run(pay(bank))
    clock.now += 60
    assert run(pay(bank)).status == 201
    assert bookings(bank) == [KEY, KEY]


def test_an_inquiry_tells_booked_never_booked_and_forgotten_apart() -> None:
    clock = Clock()
    bank = desk(clock, key_memory=60)
    assert run(bank.inquire(KEY, authorization="")).status == 404
    reference = run(pay(bank)).body["reference"]
    booked = run(bank.inquire(KEY, authorization=""))
    assert (booked.status, booked.body) == (200, {"status": "booked", "reference": reference})
    clock.now += 60
    assert run(bank.inquire(KEY, authorization="")).status == 410


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b'{"customer_id":"c-1"}', 400),
        (BODY.replace(b"120.00", b"0"), 400),
        (BODY.replace(b"120.00", b"-1"), 400),
        (BODY.replace(b"120.00", b"NaN"), 400),
        (BODY.replace(b"}", b',"unknown":{"a":1}}'), 201),
    ],
)
def test_an_invalid_payment_is_refused_and_an_unknown_field_is_not(
    body: bytes, status: int
) -> None:
    assert run(pay(desk(), body=body)).status == status


def test_a_call_without_a_key_is_refused() -> None:
    bank = desk()
    assert run(pay(bank, key="")).status == 400
    assert bookings(bank) == []


def test_a_rotated_api_key_is_refused_with_401_and_nothing_booked() -> None:
    bank = desk(api_key="new")
    assert run(pay(bank, authorization="Bearer old")).status == 401
    assert run(pay(bank, authorization="Bearer new")).status == 201
    assert run(bank.inquire(KEY, authorization="Bearer old")).status == 401


@pytest.mark.parametrize(("customer", "status"), [("ERROR400-1", 400), ("c-ERROR500", 500)])
def test_the_test_ids_answer_with_their_status_and_book_nothing(customer: str, status: int) -> None:
    bank = desk()
    assert run(pay(bank, body=BODY.replace(b"c-1", customer.encode()))).status == status
    assert bookings(bank) == []


def test_a_slow_call_completes_and_the_same_key_is_in_flight_meanwhile() -> None:
    async def twice() -> tuple[Answer | None, Answer | None]:
        bank = desk(slow_delay=0.05)
        body = BODY.replace(b"c-1", b"SLOW-1")
        first = asyncio.create_task(pay(bank, body=body))
        await asyncio.sleep(0)
        second = await pay(bank, body=body)
        return await first, second

    first, second = asyncio.run(twice())
    assert first is not None
    assert second is not None
    assert first.status == 201
    assert (second.status, second.body["code"]) == (409, "in_flight")
    assert second.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("fault", "status", "booked"),
    [
        (Fault(kind="fail", status=503), 503, []),
        (Fault(kind="fail", status=401), 401, []),
        (Fault(kind="cut"), None, []),
        (Fault(kind="book_then_fail", status=500), 500, [KEY]),
        (Fault(kind="book_then_cut"), None, [KEY]),
        (Fault(kind="book_then_late", delay=0.01), 201, [KEY]),
    ],
)
def test_a_fault_answers_as_told_and_the_books_show_what_was_booked(
    fault: Fault, status: int | None, booked: list[str]
) -> None:
    bank = desk()
    bank.faults.add(fault)
    answer = asyncio.run(pay(bank))
    assert (None if answer is None else answer.status) == status
    assert bookings(bank) == booked
    assert [call.status for call in bank.books.extract().calls] == [status]


def test_retry_after_comes_in_seconds_or_as_a_date() -> None:
    clock = Clock()
    bank = desk(clock)
    bank.faults.replace(
        [
            Fault(kind="fail", status=429, retry_after=7, calls=1),
            Fault(kind="fail", status=429, retry_after=7, retry_after_as="date", calls=1),
        ]
    )
    assert run(pay(bank)).headers["Retry-After"] == "7"
    assert run(pay(bank)).headers["Retry-After"] == "Mon, 12 Jan 1970 13:46:47 GMT"


def test_a_fault_for_the_next_calls_is_used_up_by_them() -> None:
    bank = desk()
    bank.faults.add(Fault(kind="fail", calls=2))
    assert [run(pay(bank)).status for _ in range(3)] == [503, 503, 201]
    assert bank.faults.in_force() == []


@pytest.mark.parametrize(
    "fault",
    [Fault(kind="fail", customer="c-2"), Fault(kind="fail", operation="bank-accounts")],
)
def test_a_fault_for_others_does_not_hit_this_call(fault: Fault) -> None:
    bank = desk()
    bank.faults.add(fault)
    assert run(pay(bank)).status == 201


@pytest.mark.parametrize(
    ("health", "outage", "status"),
    [
        ("honest", False, 200),
        ("honest", True, 503),
        ("well", True, 200),
        ("unwell", False, 503),
    ],
)
def test_the_health_endpoint_is_honest_or_lies(health: str, *, outage: bool, status: int) -> None:
    bank = desk(health=health)
    if outage:
        bank.faults.add(Fault(kind="fail"))
    assert asyncio.run(bank.health()).status == status


def test_one_customers_trouble_is_no_outage_to_the_health_endpoint() -> None:
    bank = desk()
    bank.faults.add(Fault(kind="fail", customer="c-2"))
    assert asyncio.run(bank.health()).status == 200


def test_anything_else_is_ordered_for_a_customer_by_its_kind() -> None:
    bank = desk()
    answer = run(
        bank.order("orders", b'{"customer_id":"c-1","kind":"refund"}', key="k", authorization="")
    )
    assert answer.status == 201
    assert bookings(bank) == ["k"]


def test_an_order_without_a_kind_is_refused() -> None:
    answer = run(desk().order("orders", b'{"customer_id":"c-1"}', key="k", authorization=""))
    assert answer.status == 400
