from control.records import Transition
from local.bank.books import Booking, Call
from local.scenario.measure import Outage, cost

OUTAGE = Outage(
    name="first",
    service="payment-processing",
    broke_at=100.0,
    healed_at=110.0,
    waiting=7,
    receives_burned=3,
    ended_by="itself",
)


def call(at: float, status: int, service: str = "payment-processing") -> Call:
    return Call(
        number=1, key=f"{service}#m", operation="payments", customer_id="c", at=at, status=status
    )


def booking(at: float, service: str = "payment-processing") -> Booking:
    return Booking(
        number=1, key=f"{service}#m", operation="payments", customer_id="c", reference="r", at=at
    )


def step(at: float, to_state: str) -> Transition:
    return Transition(generation=1, from_state="closed", to_state=to_state, at=at, who="worker")


def test_only_failing_calls_of_the_service_during_the_outage_count() -> None:
    calls = [
        call(99.0, 503),
        call(101.0, 503),
        call(102.0, 503),
        call(103.0, 201),
        call(104.0, 503, "bank-account-setup"),
        call(111.0, 503),
    ]
    assert cost(OUTAGE, calls, [], []).calls_to_broken_bank == 2


def test_detection_is_from_the_first_failing_call_to_the_open_circuit() -> None:
    history = [step(90.0, "open"), step(101.25, "open"), step(105.0, "open")]
    assert cost(OUTAGE, [call(101.0, 503)], [], history).detection_s == 0.25


def test_recovery_is_from_the_healing_to_the_next_booking_and_to_the_closed_circuit() -> None:
    bookings = [booking(99.0), booking(110.5, "bank-account-setup"), booking(112.0)]
    history = [step(95.0, "closed"), step(114.0, "closed"), step(120.0, "closed")]
    measured = cost(OUTAGE, [], bookings, history)
    assert (measured.first_booking_s, measured.closed_s) == (2.0, 4.0)


def test_what_was_not_seen_is_not_made_up() -> None:
    measured = cost(OUTAGE, [], [], [])
    assert measured.detection_s is None
    assert measured.first_booking_s is None
    assert measured.closed_s is None
