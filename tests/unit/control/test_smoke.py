import msgspec
import pytest

from control.smoke import End, trials
from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.messages.transactions import BankAccountSetup, Payment, decoded


@pytest.mark.parametrize(
    ("status", "code", "good"),
    [
        ("completed", "", True),
        ("rejected", "account_not_found", True),
        ("rejected", "bank_402", True),
        ("rejected", "invalid_message", False),
        ("rejected", "invalid_routing_number", False),
        ("dead_lettered", "defect", False),
        ("outcome_unknown", "outcome_unknown", False),
        ("waiting", "", False),
        ("in_progress", "", False),
        ("not begun", "", False),
    ],
)
def test_an_end_is_good_where_the_bank_gave_it(status: str, code: str, good: bool) -> None:
    assert End(entry="e", status=status, code=code, seconds=1).good == good


def kinds(stack: str) -> list[str]:
    return [trial.transaction["transaction_type"] for trial in trials(stack)]


def test_no_money_moves_in_prod() -> None:
    assert kinds("prod") == ["bank_account_setup"]


@pytest.mark.parametrize("stack", ["local", "dev", "staging"])
def test_every_other_stack_is_tried_with_a_payment_too(stack: str) -> None:
    assert kinds(stack) == ["bank_account_setup", "payment"]


def test_every_transaction_of_every_run_has_an_id_of_its_own() -> None:
    sent = [trial.transaction["message_id"] for _ in range(2) for trial in trials("dev")]
    assert len(set(sent)) == len(sent) == 4


def test_its_transactions_break_no_rule_of_ours_so_that_the_bank_is_asked() -> None:
    account, payment = (msgspec.json.encode(trial.transaction) for trial in trials("dev"))
    BankAccounts(verify_checksum=True).check(decoded(account, BankAccountSetup))
    assert decoded(payment, Payment).amount == 1
