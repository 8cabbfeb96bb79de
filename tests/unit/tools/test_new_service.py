from pathlib import Path

import pytest

from tools.new_service import NewServiceError, check, make


@pytest.mark.parametrize(
    ("name", "transaction_type", "rule"),
    [
        ("Refunds", "refund", "lower-case words"),
        ("refunds-", "refund", "lower-case words"),
        ("a-name-of-22-characters", "refund", "at most 21 characters"),
        ("import", "refund", "a word of Python's"),
        ("subscription-manager", "refund", "used by the system"),
        ("unrouted", "refund", "used by the system"),
        ("operator", "refund", "used by the system"),
        ("refunds-dlq", "refund", "ends as a queue of dead letters does"),
        ("refunds-delivery", "refund", "ends as a queue of dead letters does"),
        ("payment-processing", "refund", "a service already"),
        ("bank", "refund", "a container of docker-compose.yml already"),
        ("refunds", "re-fund", "words with underscores"),
        ("refunds", "payment", "has a service already"),
        ("refunds", "none", "makes a class None, and that name is in use"),
        ("refunds", "any", "makes a class Any, "),
        ("refunds", "transaction", "makes a class Transaction, "),
        ("refunds", "bank_rejection", "makes a class BankRejection, "),
        ("refunds", "invocation", "makes a class Invocation, "),
    ],
)
def test_a_word_that_does_not_fit_is_refused_with_its_rule(
    name: str, transaction_type: str, rule: str
) -> None:
    with pytest.raises(NewServiceError, match=rule):
        check(name, transaction_type)


def test_nothing_is_written_where_a_file_is_there_already(tmp_path: Path) -> None:
    there = tmp_path / "handlers/refunds/app.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(NewServiceError, match=r"app\.py is there already"):
        make(tmp_path, "refunds", "refund")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]
