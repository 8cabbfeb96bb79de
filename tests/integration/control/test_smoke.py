import subprocess
import sys
from pathlib import Path

from local.access import State
from local.bank.client import Bank
from local.bank.faults import Fault


def smoke(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "control.smoke", "--stack", "local"]
    return subprocess.run(
        [*command, "--directory", str(directory), *options],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stack_that_works_passes(running: State, directory: Path) -> None:
    done = smoke(directory)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": completed") == 2
    bank = Bank(url=running.bank_url, control_url=running.bank_control_url)
    assert [b for b in bank.books().bookings if b.key in done.stdout]


def test_a_stack_whose_bank_is_down_fails_and_says_where_it_stands(
    running: State, directory: Path
) -> None:
    bank = Bank(url=running.bank_url, control_url=running.bank_control_url)
    bank.break_with(Fault(kind="fail"))
    try:
        done = smoke(directory, "--patience", "2")
    finally:
        bank.heal()
    assert done.returncode == 1
    assert "bank-account-setup#smoke-" in done.stdout
    assert ": completed" not in done.stdout


def test_without_a_system_it_says_so(tmp_path: Path) -> None:
    done = smoke(tmp_path)
    assert done.returncode != 0
    assert "no local system is running" in done.stderr
