import pytest

from tests.emulated_account import Account
from tests.integration.handlers.subscription_manager.system import System


@pytest.fixture
def system(account: Account) -> System:
    return System(account)
