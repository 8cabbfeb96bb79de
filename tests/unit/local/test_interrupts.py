import signal
from collections.abc import Iterator

import pytest

from local.interrupts import SIGNALS, Interrupted, raise_on_signals, uninterrupted


@pytest.fixture(autouse=True)
def handlers_restored() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_asks_for_an_end_is_an_exception(number: signal.Signals) -> None:
    raise_on_signals()
    with pytest.raises(Interrupted, match=number.name) as raised:
        signal.raise_signal(number)
    assert raised.value.number == number


def test_a_block_that_stops_things_is_not_interrupted() -> None:
    raise_on_signals()
    with uninterrupted():
        signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Interrupted):
        signal.raise_signal(signal.SIGTERM)
