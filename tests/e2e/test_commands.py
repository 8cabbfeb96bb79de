"""`up`, `down` and `send` as a user types them, and what they leave behind."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from local.supervisor import find

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def local(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(directory, *arguments),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def command(directory: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "local", "--directory", str(directory), *arguments]


def processes_of(directory: Path) -> list[str]:
    """Command lines of the processes that name the directory."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if str(directory) in line]


def children(parent: int) -> list[tuple[int, str]]:
    """Process ids and command lines of what a process started."""
    listed = ["ps", "--ppid", str(parent), "-o", "pid=,args="]
    found = subprocess.run(listed, capture_output=True, text=True, check=True)
    pairs = (line.strip().partition(" ") for line in found.stdout.splitlines())
    return [(int(process), args) for process, _, args in pairs]


def wait_until_gone(directory: Path) -> None:
    end = time.monotonic() + PATIENCE
    while processes_of(directory) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes_of(directory) == []


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    directory = tmp_path_factory.mktemp("up")
    started = local(directory, "up")
    try:
        assert started.returncode == 0, started.stderr
        yield directory, started.stdout
    finally:
        local(directory, "down")
        wait_until_gone(directory)


def test_up_prints_the_endpoint_the_topics_and_three_commands(running: tuple[Path, str]) -> None:
    directory, said = running
    outputs = find(directory / "up").outputs
    assert find(directory / "up").endpoint in said
    assert outputs.transaction_topic_arn in said
    commands = [line for line in said.splitlines() if "aws sns publish" in line]
    assert len(commands) == 3
    pause = json.loads(shlex.split(commands[1])[-1])
    assert pause == {"action": "disable", "service": "payment-processing"}


def test_up_a_second_time_finds_the_system_that_runs(running: tuple[Path, str]) -> None:
    again = local(running[0], "up")
    assert again.returncode == 0
    assert "was running already (" in again.stdout


def test_up_at_another_port_than_the_one_in_use_says_so(running: tuple[Path, str]) -> None:
    again = local(running[0], "up", "--port", "1")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        f"a system is running already, at {find(running[0] / 'up').endpoint}: "
        "make down stops it, then make up PORT=1\n"
    )


def test_send_reports_each_transaction_and_a_line_that_is_none(
    running: tuple[Path, str], tmp_path: Path
) -> None:
    payment = {"message_id": "mine-1", "customer_id": "c-1", "transaction_type": "payment"}
    good = payment | {"amount": "120.00", "payment_method": "card"}
    bad = good | {"message_id": "mine-2", "amount": "-1"}
    other = good | {"message_id": "mine-3", "transaction_type": "lottery"}
    file = tmp_path / "mine.jsonl"
    lines = [json.dumps(good), "no transaction", json.dumps(bad), json.dumps(other)]
    lines.append(json.dumps(good))
    file.write_text("\n".join(lines))
    sent = local(running[0], "send", str(file))
    assert sent.returncode == 1
    assert "line 2 is no transaction" in sent.stdout
    assert sent.stdout.count("duplicate") == 1
    rows = {
        name: row
        for name in ("mine-1", "mine-2", "mine-3")
        for row in sent.stdout.splitlines()
        if name in row and "duplicate" not in row
    }
    assert "completed" in rows["mine-1"]
    assert "rejected" in rows["mine-2"]
    assert "unrouted" in rows["mine-3"]
    bookings = find(running[0] / "up").access().bank.books().bookings
    assert [booking.key for booking in bookings] == ["payment-processing#mine-1"]


def test_send_without_a_system_says_so(tmp_path: Path) -> None:
    sent = local(tmp_path, "send", "whatever.jsonl")
    assert (sent.returncode, sent.stdout) == (1, "")
    assert sent.stderr == "no system is running; `make up` starts one\n"


def test_down_without_a_system_says_so(tmp_path: Path) -> None:
    stopped = local(tmp_path, "down")
    assert (stopped.returncode, stopped.stdout) == (0, "no system is running\n")


def test_a_port_in_use_is_one_message_and_nothing_is_left(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = local(tmp_path, "up", "--port", str(port))
    assert started.returncode == 1
    assert f"port {port} on 127.0.0.1 is already in use" in started.stderr
    assert "Traceback" not in started.stderr
    wait_until_gone(tmp_path)


@contextlib.contextmanager
def demo(directory: Path) -> Generator["subprocess.Popen[str]"]:
    """A demo whose system is up: it says so in its first line."""
    with subprocess.Popen(
        command(directory, "demo"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert "the system runs" in process.stdout.readline()
            yield process
        finally:
            process.terminate()


def test_an_interrupted_demo_stops_everything_and_says_so(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGINT
    assert said == "SIGINT: stopped, nothing is left running\n"
    wait_until_gone(tmp_path)


@pytest.mark.parametrize(
    ("part", "news"),
    [
        ("local.emulator.process", "the emulator ended with status -9"),
        ("local.bank", "the bank's process ended by itself\n"),
        ("local.compute.zygote", "the process that runs the functions ended by itself\n"),
    ],
)
def test_a_part_that_is_killed_is_one_message_and_nothing_is_left(
    tmp_path: Path, part: str, news: str
) -> None:
    with demo(tmp_path) as process:
        (killed,) = [child for child, args in children(process.pid) if part in args]
        os.kill(killed, signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert said.startswith(news)
    assert "Traceback" not in said
    wait_until_gone(tmp_path)
