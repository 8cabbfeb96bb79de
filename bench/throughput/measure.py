"""One worker's throughput, CPU and AWS calls per message, beside a bare loop and Powertools."""

import os
import subprocess
import sys
import tempfile
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
LEDGER_CALLS = 2
PUBLISHES = 1


def measure(depth: str, folder: Path) -> list[Row]:
    """Works the same payments off three times; the emulator and the bank have processes apart."""
    messages = {"quick": 200, "default": 1_000, "all": 2_000}[depth]
    found: dict[str, Measured] = {}
    with (
        tempfile.TemporaryDirectory() as scratch,
        Emulator.start(Path(scratch)) as emulator,
        BankProcess.start(Settings(api_key=API_KEY)) as bank,
    ):
        session = emulator.session()
        for n, name in enumerate(CONSUMERS):
            account = prepared(session, bank, f"bench-{n}")
            fill(session, account.environment["QUEUE_URL"], messages + 10, CUSTOMERS)
            environment = {
                **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
                **emulator.environment(),
                **account.environment,
                "PYTHONPATH": str(ROOT),
            }
            found[name] = _worked(name, environment, Path(scratch))
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


def _rows(found: dict[str, Measured]) -> list[Row]:
    ours, rival = found[OURS], found["Powertools"]
    if any(one.failed for one in found.values()):
        failures = {name: one.failed for name, one in found.items()}
        return [not_measured(PART, "throughput", f"messages were handed back: {failures}")]
    rates = {name: f"{one.messages / one.seconds:.0f}" for name, one in found.items()}
    cpus = {name: f"{one.cpu / one.messages * 1000:.2f}" for name, one in found.items()}
    calls = {name: _calls(one) for name, one in found.items()}
    ledger = ours.calls.get("dynamodb:UpdateItem", 0) / ours.messages
    published = ours.calls.get("sns:Publish", 0) / ours.messages
    few = ledger <= LEDGER_CALLS and published <= PUBLISHES
    return [
        Row(part=PART, what=f"messages/s, {ours.messages} payments", figures=rates),
        Row(
            part=PART,
            what="CPU per message, ms",
            figures=cpus,
            mark="at most Powertools'",
            held=ours.cpu / ours.messages <= rival.cpu / rival.messages,
        ),
        Row(
            part=PART,
            what="AWS calls per completed message",
            figures=calls,
            mark="at most two ledger calls and one publish",
            held=few,
        ),
    ]


def _calls(one: Measured) -> str:
    total = sum(one.calls.values()) / one.messages
    each = ", ".join(
        f"{key.split(':')[1]} {count / one.messages:.2f}"
        for key, count in sorted(one.calls.items())
    )
    return f"{total:.2f}{f' ({each})' if each else ''}"
