"""`python -m local.scenario.generate`: writes the scenario file anew, always the same.

The file is committed; this is where its lines come from and what each kind of line is for.
"""

import random
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, get_args

import msgspec

from local import routing_numbers
from local.scenario.lines import FILE, SERVICES, TRICKLE, Act, End, Expect, Line

SEED = 20_240_229
CUSTOMERS = 50
FLOWING = 10
"""Lines after which a flow is a flow."""
FEE_ABOVE, FEE_RATE = Decimal(100), Decimal("0.025")
PLAIN_LINES: dict[Act, tuple[int, int]] = {
    "steady": (32, 28),
    "pause": (10, 34),
    "outage": (24, 62),
    "second_outage": (12, 44),
    "hold": (10, 38),
    "finish": (6, 18),
}
"""How many ordinary bank accounts and payments each act has."""

Kind = Literal["bank_account_setup", "payment"]
Message = dict[str, Any]


class Generator:
    """Makes the lines of one act after the other; what it makes depends on the seed only."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self._made = 0

    def lines(self) -> list[Line]:
        """The whole file, act by act; within an act the customers' lines are mixed."""
        acts = {act: self._ordinary(act) for act in get_args(Act)}
        acts["steady"] += self._oddities("steady")
        acts["outage"] += self._repeats("outage", acts["steady"], 6, through_topic=False)
        acts["hold"] += self._oddities("hold")
        acts["finish"] += self._repeats("finish", acts["outage"], 8, through_topic=False)
        acts["finish"] += self._repeats("finish", acts["steady"], 4, through_topic=True)
        acts["finish"] += self._other_bodies("finish", acts["steady"], 4)
        mixed = {act: list(self._mixed(lines)) for act, lines in acts.items()}
        mixed["steady"] += self._trickle("steady")
        made = [line for lines in mixed.values() for line in lines]
        # Early, so that others succeed after their failures: only then are they given up.
        made[FLOWING:FLOWING] = [self._poison("steady", kind) for kind in get_args(Kind)]
        return made

    def _ordinary(self, act: Act) -> list[Line]:
        accounts, payments = PLAIN_LINES[act]
        made = [self._completed(act, "bank_account_setup") for _ in range(accounts)]
        made += [self._completed(act, "payment") for _ in range(payments)]
        made += self._repeats(act, made, 3, through_topic=True)
        return made + self._repeats(act, made, 2, through_topic=False)

    def _oddities(self, act: Act) -> Iterator[Line]:
        """One of each kind of line that is not plain."""
        yield from self._invalid(act)
        yield from self._unroutable(act)
        for kind in get_args(Kind):
            refused = self._message(kind, customer=f"cust-ERROR400-{self._made}")
            yield self._line(act, refused, "rejected", code="invalid")
            yield self._completed(act, kind, customer=f"cust-SLOW-{self._made}")
            yield self._completed(act, kind, loyalty={"tier": "gold", "since": 2019}, note="hello")
            yield self._enveloped(act, kind)
        for amount in ("100.00", "100.01", "0.01", "1000000"):
            yield self._completed(act, "payment", amount=amount)
        number: Message = {"amount": self._random.randrange(101, 900)}
        yield self._completed(act, "payment", **number)

    def _invalid(self, act: Act) -> Iterator[Line]:
        broken: list[tuple[Kind, Message]] = [
            ("payment", {"amount": None}),
            ("payment", {"amount": "-5.00"}),
            ("payment", {"amount": "0"}),
            ("payment", {"amount": "twelve"}),
            ("payment", {"amount": "10.005"}),
            ("payment", {"payment_method": None}),
            ("payment", {"message_id": None}),
            ("payment", {"transaction_type": "bank_account_setup"}),
            ("bank_account_setup", {"routing_number": "02100002"}),
            ("bank_account_setup", {"account_number": "12AB34567"}),
            ("bank_account_setup", {"account_number": None}),
        ]
        for kind, changes in broken:
            message = self._message(kind) | changes
            kept = {key: value for key, value in message.items() if value is not None}
            yield self._line(act, kept, "rejected", kind=kind, code="invalid_message")
        for body in ("this is no JSON", '{"message_id": "half'):
            text = f"{body} {self._random.randrange(10**9)}"
            yield self._line(act, text, "rejected", kind="payment", code="unreadable_message")

    def _unroutable(self, act: Act) -> Iterator[Line]:
        for attributes in ({"transaction_type": "lottery"}, {"source": "branch"}):
            message = self._message("payment") | {"transaction_type": "lottery"}
            yield self._line(act, message, "unrouted", attributes=attributes)

    def _trickle(self, act: Act) -> Iterator[Line]:
        """Plain lines of both services in turn, to be sent slowly at the end of an act."""
        for _ in range(TRICKLE // 2):
            for kind in get_args(Kind):
                yield self._completed(act, kind)

    def _poison(self, act: Act, kind: Kind) -> Line:
        """A message that the bank breaks on, whenever it is called."""
        message = self._message(kind, customer=f"cust-ERROR500-{self._made}")
        return self._line(act, message, "dead_lettered")

    def _enveloped(self, act: Act, kind: Kind) -> Line:
        """What a subscription without raw delivery would have put into the queue."""
        inner = self._message(kind)
        envelope = {
            "Type": "Notification",
            "MessageId": self._id("sns"),
            "TopicArn": "arn:aws:sns:us-east-2:123456789012:another-topic.fifo",
            "Message": msgspec.json.encode(inner).decode(),
            "Timestamp": inner["timestamp"],
            "MessageAttributes": {"transaction_type": {"Type": "String", "Value": kind}},
        }
        line = self._line(act, inner, "completed", kind=kind, via=SERVICES[kind])
        return msgspec.structs.replace(line, message=msgspec.Raw(msgspec.json.encode(envelope)))

    def _repeats(
        self, act: Act, lines: list[Line], number: int, *, through_topic: bool
    ) -> list[Line]:
        """The same transactions again.

        With their own deduplication id SNS stops them for five minutes, with another only the
        ledger does.
        """
        made: list[Line] = []
        for line in self._random.sample(_completed_by_topic(lines), number):
            dedup = line.dedup if through_topic else self._id("again")
            expect = Expect(end="duplicate")
            made.append(msgspec.structs.replace(line, act=act, dedup=dedup, expect=expect))
        return made

    def _other_bodies(self, act: Act, lines: list[Line], number: int) -> Iterator[Line]:
        """The same id with another body: never swallowed as a duplicate, never carried out."""
        payments = [line for line in _completed_by_topic(lines) if line.expect.amount is not None]
        for line in self._random.sample(payments, number):
            message = msgspec.json.decode(bytes(line.message)) | {"amount": "77.77"}
            yield self._line(act, message, "rejected", code="id_reused", dedup=self._id("other"))

    def _completed(self, act: Act, kind: Kind, customer: str | None = None, **more: object) -> Line:
        return self._line(act, self._message(kind, customer) | more, "completed")

    def _line(  # noqa: PLR0913 - the columns of the file
        self,
        act: Act,
        message: Message | str,
        end: End,
        *,
        kind: Kind | None = None,
        code: str | None = None,
        dedup: str | None = None,
        attributes: dict[str, str] | None = None,
        via: str = "topic",
    ) -> Line:
        fields: Message = {} if isinstance(message, str) else message
        amount = (
            Decimal(str(fields["amount"])) if end == "completed" and "amount" in fields else None
        )
        return Line(
            act=act,
            expect=Expect(
                end=end, code=code, amount=amount, fee=None if amount is None else _fee(amount)
            ),
            group=fields.get("customer_id", self._customer()),
            dedup=dedup or fields.get("message_id", self._id("dedup")),
            attributes=attributes or {"transaction_type": kind or fields["transaction_type"]},
            message=msgspec.Raw(msgspec.json.encode(message)),
            via=via,
        )

    def _message(self, kind: Kind, customer: str | None = None) -> Message:
        minute, second = divmod(self._made, 60)
        message: Message = {
            "message_id": self._id("tx"),
            "transaction_type": kind,
            "customer_id": customer or self._customer(),
            "timestamp": f"2024-02-29T09:{minute:02d}:{second:02d}Z",
        }
        if kind == "bank_account_setup":
            return message | {
                "routing_number": routing_numbers.drawn(self._random),
                "account_number": str(self._random.randrange(10**12, 10**17)),
                "account_type": self._random.choice(["checking", "savings"]),
            }
        return message | {
            "amount": str(Decimal(self._random.randrange(500, 60_000)) / 100),
            "payment_method": self._random.choice(["bank_account", "card"]),
            "bill_type": self._random.choice(["electricity", "gas", "water"]),
            "due_date": f"2024-03-{self._random.randrange(1, 29):02d}",
        }

    def _customer(self) -> str:
        return f"cust-{self._random.randrange(CUSTOMERS) + 1:03d}"

    def _id(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}-{self._made:04d}-{self._random.getrandbits(32):08x}"

    def _mixed(self, lines: list[Line]) -> Iterator[Line]:
        """Another order, in which every customer's own lines keep theirs."""
        streams: dict[str, list[Line]] = {}
        for line in lines:
            streams.setdefault(line.group, []).append(line)
        waiting = [group for group, own in streams.items() for _ in own]
        self._random.shuffle(waiting)
        for group in waiting:
            yield streams[group].pop(0)


def _completed_by_topic(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.expect.end == "completed" and line.via == "topic"]


def _fee(amount: Decimal) -> Decimal:
    due = amount * FEE_RATE if amount > FEE_ABOVE else Decimal(0)
    return due.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rendered(lines: list[Line]) -> bytes:
    """The file's content."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


if __name__ == "__main__":
    made = Generator().lines()
    FILE.write_bytes(rendered(made))
    sys.stdout.write(f"{FILE.name}: {len(made)} lines\n")
