"""What an outage cost, from the bank's books, the queues and the circuit's history."""

from collections.abc import Sequence

import msgspec

from control.records import Transition
from local.bank.books import Booking, Call

OUTAGE_STATUS = 503


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """One outage as it was played; times are Unix seconds.

    Attributes:
        waiting: messages in the queue when the bank healed.
        receives_burned: receives of messages that the service handed back.
        ended_by: who brought the service back.
    """

    name: str
    service: str
    broke_at: float
    healed_at: float
    waiting: int
    receives_burned: int
    ended_by: str


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What an outage cost; times are seconds, None where it was not seen.

    Attributes:
        detection_s: from the bank's first failing answer to the open circuit.
        calls_to_broken_bank: calls that met the outage, probes included.
        first_booking_s: from the healing to the next transaction that was carried out.
        closed_s: from the healing to the closed circuit.
    """

    name: str
    ended_by: str
    outage_s: float
    detection_s: float | None
    calls_to_broken_bank: int
    receives_burned: int
    waiting: int
    first_booking_s: float | None
    closed_s: float | None


def cost(
    outage: Outage,
    calls: Sequence[Call],
    bookings: Sequence[Booking],
    history: Sequence[Transition],
) -> Cost:
    """Measure one outage.

    Args:
        outage: as it was played.
        calls: the bank's books.
        bookings: the same.
        history: of the circuit of the outage's service.
    """
    key = f"{outage.service}#"
    met = [
        call.at
        for call in calls
        if call.key.startswith(key)
        and call.status == OUTAGE_STATUS
        and outage.broke_at <= call.at <= outage.healed_at
    ]
    opened = _first([step.at for step in history if step.to_state == "open"], since=outage.broke_at)
    closed = _first(
        [step.at for step in history if step.to_state == "closed"], since=outage.healed_at
    )
    booked = _first(
        [booking.at for booking in bookings if booking.key.startswith(key)], since=outage.healed_at
    )
    return Cost(
        name=outage.name,
        ended_by=outage.ended_by,
        outage_s=round(outage.healed_at - outage.broke_at, 3),
        detection_s=_after(min(met, default=None), opened),
        calls_to_broken_bank=len(met),
        receives_burned=outage.receives_burned,
        waiting=outage.waiting,
        first_booking_s=_after(outage.healed_at, booked),
        closed_s=_after(outage.healed_at, closed),
    )


def _first(times: Sequence[float], *, since: float) -> float | None:
    return min((time for time in times if time >= since), default=None)


def _after(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(end - start, 3)
