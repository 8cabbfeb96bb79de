import itertools
import signal
import subprocess

from local.waiting import ended, seen


def test_what_is_there_at_last_is_given() -> None:
    looks = iter([None, 0, "", "there", "too late"])

    assert seen(lambda: next(looks), within=10, every=0) == "there"


def test_what_never_comes_is_given_up() -> None:
    looks = itertools.count(1)

    assert seen(lambda: bool(next(looks) < 0), within=0.05, every=0.01) is None
    assert 1 < next(looks) < 10


def test_there_is_one_look_at_least() -> None:
    assert seen(lambda: "there", within=0) == "there"


def test_a_process_that_ends_by_itself_gives_its_status() -> None:
    assert ended(subprocess.Popen(["false"]), within=10) == 1


def test_a_process_that_does_not_end_is_killed() -> None:
    assert ended(subprocess.Popen(["sleep", "60"]), within=0.05) == -signal.SIGKILL
