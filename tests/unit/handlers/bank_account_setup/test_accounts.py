import json

import pytest

from handlers.bank_account_setup.accounts import BankAccounts, checksum_holds
from handlers.common.errors import BankRejection, InvalidMessage
from handlers.common.messages.transactions import BankAccountSetup, decoded


def account(routing_number: str = "021000021") -> BankAccountSetup:
    body = {
        "message_id": "m1",
        "customer_id": "c1",
        "routing_number": routing_number,
        "account_number": "98765432",
    }
    return decoded(json.dumps(body), BankAccountSetup)


@pytest.mark.parametrize("number", ["021000021", "011401533", "091000019", "000000000"])
def test_the_checksum_of_a_real_routing_number_holds(number: str) -> None:
    assert checksum_holds(number)


@pytest.mark.parametrize("number", ["123456789", "021000022", "120000021"])
def test_the_checksum_of_a_wrong_one_does_not(number: str) -> None:
    assert not checksum_holds(number)


@pytest.mark.parametrize(("verify", "refused"), [(True, True), (False, False)])
def test_the_checksum_is_verified_as_configured(*, verify: bool, refused: bool) -> None:
    kind = BankAccounts(verify_checksum=verify)
    if not refused:
        kind.check(account("123456789"))
        return
    with pytest.raises(InvalidMessage) as no:
        kind.check(account("123456789"))
    assert no.value.code == "invalid_routing_number"
    assert "123456789" not in str(no.value)


def test_a_right_number_passes() -> None:
    BankAccounts(verify_checksum=True).check(account())


def test_the_bank_is_given_the_account() -> None:
    request = BankAccounts(verify_checksum=True).request(account())
    assert request.path == "/v1/bank-accounts"
    assert request.body == {
        "customer_id": "c1",
        "routing_number": "021000021",
        "account_number": "98765432",
        "account_type": "checking",
    }


def test_the_outcome_tells_nothing_of_the_account() -> None:
    assert BankAccounts(verify_checksum=True).details(account()) == {}


def test_the_banks_no_is_final() -> None:
    no = BankRejection("account_closed")
    assert BankAccounts(verify_checksum=True).refused(no, 0.0, 0.0) is no
