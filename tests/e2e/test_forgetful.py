"""Both guards against a double charge taken away: the checks must see it, or they see nothing."""

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from local.bank.desk import Settings
from local.compute import Code
from local.scenario.demo import Demo
from local.scenario.lines import Line, read_lines
from local.scenario.report import Report

ROOT = Path(__file__).parents[2]


def forgetful(_: Mapping[str, str]) -> Code:
    return Code(handler="tests.e2e.forgetful.handler", root=ROOT)


def repeated() -> list[Line]:
    """Payments that complete, and two of them once more, past SNS and up to the ledger."""
    payments = [
        line
        for line in read_lines()
        if line.act == "finish" and line.expect.amount is not None and line.via == "topic"
    ]
    again = [
        msgspec.structs.replace(
            line,
            dedup=f"again-{line.dedup}",
            expect=msgspec.structs.replace(line.expect, end="duplicate"),
        )
        for line in payments[:2]
    ]
    return [*payments, *again]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    directory = tmp_path_factory.mktemp("forgetful")
    file = directory / "transactions.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in repeated()))
    return Demo(
        directory=directory / "demo",
        started=time.time(),
        console=Console(quiet=True),
        file=file,
        acts=("finish",),
        bank=Settings(key_memory=0),
        resolver=forgetful,
    ).run()


def test_a_run_without_ledger_and_key_memory_counts_its_double_charges(report: Report) -> None:
    assert (report.double_charges, report.duplicates_suppressed) == (2, 0)


def test_a_run_without_ledger_and_key_memory_names_each_double_charge(report: Report) -> None:
    named = [finding for finding in report.findings if "charged again" in finding]
    assert len(named) == 2
    for line in repeated()[:2]:
        assert any(str(line.message_id) in finding for finding in named)
