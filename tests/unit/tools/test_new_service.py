from pathlib import Path

import pytest

from tools.new_service import NewServiceError, check, make

NAME, TYPE = "of-tests", "of_tests"
"""What no service is called: these tests also run in a project with one more."""


@pytest.mark.parametrize(
    ("name", "transaction_type", "rule"),
    [
        ("Of-tests", TYPE, "lower-case words"),
        ("of-tests-", TYPE, "lower-case words"),
        ("a-name-of-22-characters", TYPE, "at most 21 characters"),
        ("import", TYPE, "a word of Python's"),
        ("subscription-manager", TYPE, "used by the system"),
        ("unrouted", TYPE, "used by the system"),
        ("operator", TYPE, "used by the system"),
        (f"{NAME}-dlq", TYPE, "ends as a queue of dead letters does"),
        (f"{NAME}-delivery", TYPE, "ends as a queue of dead letters does"),
        ("payment-processing", TYPE, "a service already"),
        ("bank", TYPE, "a container of docker-compose.yml already"),
        (NAME, "of-tests", "words with underscores"),
        (NAME, "payment", "has a service already"),
        (NAME, "none", "makes a class None, and that name is in use"),
        (NAME, "any", "makes a class Any, "),
        (NAME, "transaction", "makes a class Transaction, "),
        (NAME, "bank_rejection", "makes a class BankRejection, "),
        (NAME, "invocation", "makes a class Invocation, "),
    ],
)
def test_a_word_that_does_not_fit_is_refused_with_its_rule(
    name: str, transaction_type: str, rule: str
) -> None:
    with pytest.raises(NewServiceError, match=rule):
        check(name, transaction_type)


def test_nothing_is_written_where_a_file_is_there_already(tmp_path: Path) -> None:
    there = tmp_path / "handlers/of_tests/app.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(NewServiceError, match=r"app\.py is there already"):
        make(tmp_path, NAME, TYPE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]
