import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from bench.apart import Apart
from tests.waiting import until

SPIN = "while True: pass"
NEST = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}, 'chosen'])"


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


def test_what_a_chosen_process_spent_is_known_when_it_has_ended() -> None:
    with Apart(is_chosen) as apart:
        with busy("chosen"):
            until(lambda: apart.cpu > 0, "the chosen process")
        assert apart.cpu > 0


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
