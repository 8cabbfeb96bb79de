from pathlib import Path

import pytest

from local.errors import LocalError
from local.scenario.plain import read_plain

PAYMENT = '{"message_id": "m-1", "customer_id": "c-1", "transaction_type": "payment", "x": 1}'


def read(tmp_path: Path, content: str) -> tuple[list[tuple[int, str]], list[int]]:
    file = tmp_path / "mine.jsonl"
    file.write_text(content, errors="surrogateescape")
    lines, others = read_plain(file)
    return [(line.number, line.body) for line in lines], [other.number for other in others]


def test_a_transaction_is_sent_as_it_stands_in_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, f"  {PAYMENT}\n") == ([(1, PAYMENT)], [])


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[1]",
        "{}",
        '{"message_id": 5, "customer_id": "c", "transaction_type": "payment"}',
        '{"message_id": "m", "transaction_type": "payment"}',
        PAYMENT.replace("c-1", "c 1"),
        PAYMENT.replace("c-1", ""),
        PAYMENT.replace("m-1", "m" * 129),
        PAYMENT.replace("m-1", "m\u00e4"),
        PAYMENT.replace('"payment"', '""'),
        PAYMENT.replace('"payment"', '"\\u0000"'),
        PAYMENT.replace("1}", f'"{"x" * 262_144}"}}'),
        "\udce4",
    ],
)
def test_a_line_that_is_none_has_its_number_and_does_not_stop_the_rest(
    tmp_path: Path, line: str
) -> None:
    assert read(tmp_path, f"{line}\n\n{PAYMENT}") == ([(3, PAYMENT)], [1])


def test_a_type_that_no_service_takes_must_end_unrouted(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(PAYMENT.replace('"payment"', '"lottery"'))
    (line,), _ = read_plain(file)
    assert (line.expect.end, line.service) == ("unrouted", None)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"cannot read .*absent\.jsonl: No such file"):
        read_plain(tmp_path / "absent.jsonl")


@pytest.mark.parametrize("content", ["", "\n  \n"])
def test_a_file_with_nothing_in_it_is_one_clear_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(LocalError, match=r"mine\.jsonl has no transactions: one a line, as JSON"):
        read(tmp_path, content)
