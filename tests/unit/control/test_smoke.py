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


def test_no_money_moves_where_no_payment_is_wanted() -> None:
    sent = [trial.transaction["transaction_type"] for trial in trials(payment=False)]
    assert sent == ["bank_account_setup"]


def test_two_runs_send_different_transactions() -> None:
    sent = [trial.entry for _ in range(2) for trial in trials(payment=True)]
    assert len(set(sent)) == len(sent) == 4


def test_its_transactions_break_no_rule_of_ours_so_that_the_bank_is_asked() -> None:
    account, payment = (msgspec.json.encode(trial.transaction) for trial in trials(payment=True))
    BankAccounts(verify_checksum=True).check(decoded(account, BankAccountSetup))
    assert decoded(payment, Payment).amount == 1
