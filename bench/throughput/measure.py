"""One worker's throughput, CPU and AWS calls per message, beside a bare loop and Powertools."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.rows import OURS, Row, not_measured
from bench.throughput.account import API_KEY, fill, prepared
from bench.throughput.consumers import CONSUMERS
from bench.throughput.worker import Measured
from local.bank.client import BankProcess
from local.bank.desk import Settings
from local.emulator import Emulator

PART = "one worker"
ROOT = Path(__file__).parents[2]
CUSTOMERS = 30
MESSAGES = 200
LEDGER_CALLS = 2
PUBLISHES = 1


def measure(depth: str, folder: Path) -> list[Row]:
    """Each consumer works the same payments off, in turn with the others; medians count.

    The emulator and the bank have processes of their own.
    """
    rounds = {"quick": 1, "default": 5, "all": 15}[depth]
    found: dict[str, list[Measured]] = {name: [] for name in CONSUMERS}
    with (
        tempfile.TemporaryDirectory() as scratch,
        Emulator.start(Path(scratch)) as emulator,
        BankProcess.start(Settings(api_key=API_KEY)) as bank,
    ):
        session = emulator.session()
        for n, name in enumerate(name for _ in range(rounds) for name in CONSUMERS):
            account = prepared(session, bank, f"bench-{n}")
            fill(session, account.environment["QUEUE_URL"], MESSAGES + 10, CUSTOMERS)
            environment = {
                **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
                **emulator.environment(),
                **account.environment,
                "PYTHONPATH": str(ROOT),
            }
            found[name].append(_worked(name, environment, Path(scratch)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "throughput.json").write_bytes(msgspec.json.encode(found))
    return _rows(found)


def _worked(name: str, environment: dict[str, str], scratch: Path) -> Measured:
    file = scratch / "measured.json"
    command = [sys.executable, "-m", "bench.throughput.worker", name, str(file)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, env=environment, cwd=ROOT, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the worker of {name} failed: {done.stderr[-2000:]}")
    return msgspec.json.decode(file.read_bytes(), type=Measured)


def _rows(found: dict[str, list[Measured]]) -> list[Row]:
    failures = {name: sum(one.failed for one in all_of) for name, all_of in found.items()}
    if any(failures.values()):
        return [not_measured(PART, "throughput", f"messages were handed back: {failures}")]
    cpus = {name: _median(all_of, lambda one: one.cpu) for name, all_of in found.items()}
    ledger = _median(found[OURS], lambda one: one.calls.get("dynamodb:UpdateItem", 0))
    published = _median(found[OURS], lambda one: one.calls.get("sns:Publish", 0))
    payments = sum(one.messages for one in found[OURS])
    return [
        Row(
            part=PART,
            what=f"messages/s, {payments} payments",
            figures={
                name: f"{1 / _median(all_of, lambda one: one.seconds):.0f}"
                for name, all_of in found.items()
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
            figures={name: _calls(all_of) for name, all_of in found.items()},
            mark="at most two ledger calls and one publish",
            held=ledger <= LEDGER_CALLS and published <= PUBLISHES,
        ),
    ]


def _median(all_of: Sequence[Measured], figure: Callable[[Measured], float]) -> float:
    """Of a figure for each message."""
    return statistics.median(figure(one) / one.messages for one in all_of)


def _calls(all_of: Sequence[Measured]) -> str:
    operations = sorted({key for one in all_of for key in one.calls})
    each = {key: _median(all_of, lambda one, key=key: one.calls.get(key, 0)) for key in operations}
    named = ", ".join(f"{key.split(':')[1]} {number:.2f}" for key, number in each.items())
    return f"{sum(each.values()):.2f}{f' ({named})' if named else ''}"
