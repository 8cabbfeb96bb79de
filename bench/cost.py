"""What a million transactions cost on AWS: its price list, times what a transaction needs.

Dollars in US East (Ohio), beyond the free tiers and before any discount, as the price list was in
September 2026. What stands there whatever the flow (alarms, metrics, keys) is not among it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components.services import SERVICES

MILLION = 1_000_000
GB = 1e9
MONTH = 30
"""Days."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """Dollars for so many of a thing, in words too, and AWS's page that says so."""

    dollars: float
    per: float = MILLION
    words: str = "a million"
    page: str

    def of(self, amount: float) -> float:
        """Dollars for an amount."""
        return amount / self.per * self.dollars


SNS = "https://aws.amazon.com/sns/pricing/"
DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
LAMBDA = "https://aws.amazon.com/lambda/pricing/"
CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/"


def _by_size(dollars: float, page: str) -> Price:
    return Price(dollars=dollars, per=GB, words="a GB", page=page)


def _kept(dollars: float, page: str) -> Price:
    return Price(dollars=dollars, per=GB, words="a GB and month", page=page)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one transaction takes on average, and how long what it leaves is kept.

    Attributes:
        subscriptions: Of the topic that it comes by, the catch-all's among them: each is charged,
            filtered out or not.
        batch: Transactions an invocation.
        seconds: Of an invocation, for each transaction: at least the bank's time.
        memory: Of the function, in GB.
        writes: To the ledger, each below 1 kB.
        indexes: Of the ledger: each copies every write, and all of the entry.
        logged: Bytes.
        traced: Share of the transactions that X-Ray samples.
    """

    subscriptions: int = len(SERVICES) + 1
    batch: float = 10
    seconds: float = 0.1
    memory: float = 1
    writes: float = 2
    indexes: int = 1
    logged: float = 2_000
    traced: float = 0.05
    archive_days: int = 14
    ledger_days: int = 90
    log_days: int = 400


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is charged, for a million transactions."""

    what: str
    amount: float
    price: Price

    @property
    def dollars(self) -> float:
        """What it costs."""
        return self.price.of(self.amount)


def bill(need: Need) -> Iterator[Line]:
    """What a million transactions are charged for. A message and an entry are reckoned as 1 kB."""
    kilobyte = 1_000 * MILLION
    invocations = MILLION / need.batch
    logged = need.logged * MILLION
    yield Line(
        what="SNS: published, the transaction and its outcome",
        amount=2 * MILLION,
        price=Price(dollars=0.30, page=SNS),
    )
    yield Line(
        what=f"SNS: {need.subscriptions} subscriptions, filtered out or not",
        amount=need.subscriptions * MILLION,
        price=Price(dollars=0.01, page=SNS),
    )
    yield Line(what="SNS: bytes of both", amount=2 * kilobyte, price=_by_size(0.017, SNS))
    yield Line(what="SNS: into the archive", amount=kilobyte, price=_by_size(0.10, SNS))
    yield Line(
        what=f"SNS: archive, {need.archive_days} days",
        amount=kilobyte * need.archive_days / MONTH,
        price=_kept(0.023, SNS),
    )
    yield Line(
        what="SQS: sent, and its share of a receive and a delete",
        amount=MILLION + 2 * invocations,
        price=Price(dollars=0.50, page="https://aws.amazon.com/sqs/pricing/"),
    )
    yield Line(
        what="Lambda: invocations", amount=invocations, price=Price(dollars=0.20, page=LAMBDA)
    )
    yield Line(
        what=f"Lambda: {need.seconds:g} s of {need.memory:g} GB",
        amount=need.seconds * need.memory * MILLION,
        price=Price(dollars=16.6667, words="a million GB-s", page=LAMBDA),
    )
    yield Line(
        what="DynamoDB: write units, the index's among them",
        amount=need.writes * (1 + need.indexes) * MILLION,
        price=Price(dollars=0.625, page=DYNAMODB),
    )
    yield Line(
        what=f"DynamoDB: ledger and index, {need.ledger_days} days",
        amount=kilobyte * (1 + need.indexes) * need.ledger_days / MONTH,
        price=_kept(0.25, DYNAMODB),
    )
    yield Line(
        what=f"DynamoDB: point-in-time recovery, {need.ledger_days} days",
        amount=kilobyte * need.ledger_days / MONTH,
        price=_kept(0.20, DYNAMODB),
    )
    yield Line(what="CloudWatch: logs taken in", amount=logged, price=_by_size(0.50, CLOUDWATCH))
    yield Line(
        what=f"CloudWatch: logs, {need.log_days} days, before it compresses them",
        amount=logged * need.log_days / MONTH,
        price=_kept(0.03, CLOUDWATCH),
    )
    yield Line(
        what=f"X-Ray: {need.traced:.0%} traced",
        amount=need.traced * MILLION,
        price=Price(dollars=5.00, page="https://aws.amazon.com/xray/pricing/"),
    )


def total(need: Need) -> float:
    """Dollars for a million transactions."""
    return sum(line.dollars for line in bill(need))
