"""One worker's throughput, CPU and AWS calls per message, beside a bare loop and Powertools."""

import multiprocessing
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from bench import cold_start, cost
from bench.rows import OURS, Row, broken
from bench.throughput.account import API_KEY, fill, prepared
from bench.throughput.consumers import CONSUMERS
from bench.throughput.worker import Batch, Word, work
from local.bank.client import BankProcess
from local.bank.desk import Settings
from local.emulator import Emulator

PART = "one worker"
CUSTOMERS = 30
BATCH = 10
PATIENCE = 60
"""Seconds that a batch may take."""

BATCHES = {"quick": 10, "default": 100, "all": 300}
STARTS = {"quick": 1, "default": 5, "all": 15}
"""How many processes of each consumer work their first batch; the last goes on with the others."""

LEDGER_CALLS = 2
PUBLISHES = 1

DESCRIBED = "dynamodb:DescribeTable ledger"
"""Asked once a minute whatever comes: no call of a message's (docs/scaling.md)."""

WRITES = ("dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:DeleteItem")


class Totals(msgspec.Struct, kw_only=True):
    """What a consumer's batches cost together. Times are seconds."""

    messages: int = 0
    failed: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    logged: int = 0
    calls: Counter[str] = msgspec.field(default_factory=Counter[str])

    def add(self, batch: Batch) -> None:
        """One batch more."""
        self.messages += batch.messages
        self.failed += batch.failed
        self.seconds += batch.seconds
        self.cpu += batch.cpu
        self.logged += batch.logged
        self.calls.update(batch.calls)

    @property
    def ledger_calls(self) -> float:
        """Calls on the ledger's items for each message, whatever the operation."""
        return self._each(lambda call: call.endswith(" ledger") and call != DESCRIBED)

    @property
    def publishes(self) -> float:
        """Calls to SNS for each message."""
        return self._each(lambda call: call.startswith("sns:"))

    @property
    def writes(self) -> float:
        """To any table, for each message."""
        return self._each(lambda call: call.startswith(WRITES))

    def _each(self, counts: Callable[[str], bool]) -> float:
        return sum(n for call, n in self.calls.items() if counts(call)) / self.messages


class Consumer:
    """A consumer's process."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name, self.totals = name, Totals()
        context = multiprocessing.get_context("spawn")
        self._told, its = context.Pipe()
        self._process = context.Process(target=work, args=(name, environment, its), daemon=True)
        self._process.start()
        its.close()

    def batch(self) -> Batch:
        """Works one batch off."""
        self._told.send(Word.BATCH)
        if not self._told.poll(PATIENCE):
            raise TimeoutError(f"{self.name} does not answer")
        return self._told.recv()

    def stop(self) -> None:
        """Ends the process."""
        if self._process.is_alive():
            self._told.send(Word.END)
        self._process.join(PATIENCE)


def measure(depth: str, folder: Path) -> list[Row]:
    """Each consumer works as many payments off, in turn with the others, batch by batch.

    A noisy machine is then as noisy for each. Emulator and bank have processes of their own.
    """
    batches, starts = BATCHES[depth], STARTS[depth]
    consumers: list[Consumer] = []
    firsts: dict[str, list[Batch]] = {name: [] for name in CONSUMERS}
    with (
        tempfile.TemporaryDirectory() as scratch,
        Emulator.start(Path(scratch)) as emulator,
        BankProcess.start(Settings(api_key=API_KEY)) as bank,
    ):
        session = emulator.session()
        try:
            environments = dict[str, dict[str, str]]()
            for n, name in enumerate(CONSUMERS):
                account = prepared(session, bank, f"bench-{n}")
                messages = (batches + starts) * BATCH
                fill(session, account.environment["QUEUE_URL"], messages, CUSTOMERS)
                environments[name] = {**emulator.environment(), **account.environment}
            for _ in range(starts):
                for consumer in consumers:
                    consumer.stop()
                consumers[:] = [Consumer(name, each) for name, each in environments.items()]
                for consumer in consumers:
                    # Connections are made and caches filled: none of the totals.
                    firsts[consumer.name].append(consumer.batch())
            for _ in range(batches):
                for consumer in consumers:
                    consumer.totals.add(consumer.batch())
        finally:
            for consumer in consumers:
                consumer.stop()
    found = {consumer.name: consumer.totals for consumer in consumers}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "throughput.json").write_bytes(msgspec.json.encode(found))
    return [*rows(found), _first(firsts)]


def _first(firsts: Mapping[str, Sequence[Batch]]) -> Row:
    """What the first invoke costs: it stands with what the start before it costs."""
    figures = {
        name: f"{statistics.median(one.cpu for one in batches) * 1000:.0f}"
        for name, batches in firsts.items()
    }
    return Row(
        part=cold_start.PART,
        what=f"{cold_start.WORKER}: the first invoke after it, a batch of {BATCH}, ms of CPU,"
        f" median of {len(firsts[OURS])}",
        figures=figures,
    )


def rows(found: Mapping[str, Totals]) -> list[Row]:
    """What was found, judged by the marks."""
    failures = {name: totals.failed for name, totals in found.items()}
    if any(failures.values()):
        return [broken(PART, "throughput", f"messages were handed back: {failures}")]
    cpus = {name: totals.cpu / totals.messages for name, totals in found.items()}
    ours = found[OURS]
    return [
        Row(
            part=PART,
            what=f"messages/s, {ours.messages} payments",
            figures={
                name: f"{totals.messages / totals.seconds:.0f}" for name, totals in found.items()
            },
        ),
        Row(
            part=PART,
            what="CPU per message, ms",
            figures={name: f"{seconds * 1000:.2f}" for name, seconds in cpus.items()},
            mark="at most Powertools'",
            held=cpus[OURS] <= cpus["Powertools"],
        ),
        Row(
            part=PART,
            what="AWS calls per completed message",
            figures={name: _calls(totals) for name, totals in found.items()},
            mark="at most two ledger calls and one publish",
            held=ours.ledger_calls <= LEDGER_CALLS and ours.publishes <= PUBLISHES,
        ),
        _cost({name: found[name] for name in (OURS, "Powertools")}),
    ]


def _cost(found: Mapping[str, Totals]) -> Row:
    """What was counted, in money: the bare loop keeps nothing and tells nobody."""
    bills = {
        name: cost.total(
            replace(
                cost.Need(),
                writes=totals.writes,
                indexes=1 if name == OURS else 0,
                logged=totals.logged / totals.messages,
            )
        )
        for name, totals in found.items()
    }
    return Row(
        part=PART,
        what="a million transactions, dollars by AWS's price list",
        figures={name: f"{dollars:.2f}" for name, dollars in bills.items()},
        mark="at most docs/scaling.md's",
        held=bills[OURS] <= cost.total(cost.Need()),
    )


def _calls(totals: Totals) -> str:
    each = {call: count / totals.messages for call, count in sorted(totals.calls.items())}
    named = ", ".join(f"{key.split(':')[1]} {number:.2f}" for key, number in each.items())
    return f"{sum(each.values()):.2f}{f' ({named})' if named else ''}"
