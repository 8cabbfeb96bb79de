from collections.abc import Iterator

import pytest

from local.emulator import Emulator
from tests.emulated_account import Account


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One embedded AWS for the whole session: tests share it, under names of their own."""
    with Emulator.start(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture(scope="session")
def root(emulator: Emulator) -> Account:
    return Account(emulator)


@pytest.fixture
def account(root: Account) -> Iterator[Account]:
    """The emulated account; functions and mappings that a test makes end with it."""
    yield root
    root.clean()
