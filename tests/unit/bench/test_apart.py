import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast

import psutil

from bench.apart import Apart
from bench.preview import cpu_of_children
from tests.waiting import until

SPIN = "while True: pass"
NEST = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}, 'chosen'])"

TICKS = 0.02
"""Seconds: what a running process spent is told in hundredths, its own and the system's."""


@contextmanager
def busy(word: str, code: str = SPIN) -> Generator[None]:
    command = [sys.executable, "-c", code, word]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def is_chosen(command: str) -> bool:
    return command.endswith(" chosen")


def at(user: float, system: float, word: str = "chosen", started: float = 1.0) -> psutil.Process:
    """A process as it is seen at one look, always under the same number."""
    process = SimpleNamespace(
        pid=7,
        cmdline=lambda: ["spin", word],
        cpu_times=lambda: SimpleNamespace(user=user, system=system),
        create_time=lambda: started,
    )
    return cast("psutil.Process", process)


def test_what_a_chosen_process_spent_is_known_when_it_has_ended() -> None:
    with Apart(is_chosen) as apart:
        with busy("chosen"):
            until(lambda: apart.cpu > 0, "the chosen process")
        assert apart.cpu > 0


def test_no_more_is_told_than_what_the_system_says_of_all_children() -> None:
    before = cpu_of_children()
    with Apart(is_chosen) as apart, busy("chosen"):
        until(lambda: apart.cpu > 0, "the chosen process")
    assert apart.cpu <= cpu_of_children() - before + TICKS


def test_of_a_process_the_last_look_counts() -> None:
    apart = Apart(is_chosen)

    apart.look(at(1.0, 0.5))
    apart.look(at(2.0, 0.75))

    assert apart.cpu == 2.75


def test_a_number_that_is_used_again_is_another_process() -> None:
    apart = Apart(is_chosen)

    apart.look(at(2.0, 0.5, started=1.0))
    apart.look(at(1.0, 0.25, started=2.0))

    assert apart.cpu == 3.75


def test_a_child_of_a_child_is_seen_too() -> None:
    with Apart(is_chosen) as apart, busy("parent", NEST):
        until(lambda: apart.cpu > 0, "the parent's child")


def test_several_chosen_ones_are_added_up() -> None:
    with Apart(is_chosen) as apart:
        with busy("chosen"):
            until(lambda: apart.cpu > 0, "the first")
        first = apart.cpu
        with busy("chosen"):
            until(lambda: apart.cpu > first, "the second beside the first")


def test_what_others_spend_does_not_count() -> None:
    looked: list[str] = []

    def choose(command: str) -> bool:
        looked.append(command)
        return is_chosen(command)

    with Apart(choose) as apart, busy("another"):
        until(lambda: any(command.endswith(" another") for command in looked), "the other")
        assert apart.cpu == 0
