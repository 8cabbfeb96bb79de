import itertools

from local.waiting import seen


def test_what_is_there_at_last_is_given() -> None:
    looks = iter([None, 0, "", "there", "too late"])

    assert seen(lambda: next(looks), within=10, every=0) == "there"


def test_what_never_comes_is_given_up() -> None:
    looks = itertools.count(1)

    assert seen(lambda: bool(next(looks) < 0), within=0.05, every=0.01) is None
    assert 1 < next(looks) < 10


def test_there_is_one_look_at_least() -> None:
    assert seen(lambda: "there", within=0) == "there"
