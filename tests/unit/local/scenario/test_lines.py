from collections import Counter
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from local.scenario.generate import Generator, rendered
from local.scenario.lines import FILE, Act, Line, ScenarioFileError, read_lines

LINES = read_lines()


def ends_of(kind: str) -> list[Line]:
    return [line for line in LINES if line.expect.end == kind]


def test_the_committed_file_is_what_the_generator_writes() -> None:
    assert FILE.read_bytes() == rendered(Generator().lines())


def test_the_file_has_at_least_400_transactions_of_at_least_50_customers() -> None:
    assert len(LINES) >= 400
    assert len({line.group for line in LINES}) >= 50


def test_every_act_has_transactions_of_both_services() -> None:
    for act in get_args(Act):
        services = {line.service for line in LINES if line.act == act}
        assert {"payment-processing", "bank-account-setup"} <= services


def test_every_end_is_there() -> None:
    ends = Counter(line.expect.end for line in LINES)
    assert set(ends) == {"completed", "rejected", "dead_lettered", "unrouted", "duplicate"}


@pytest.mark.parametrize("test_id", ["ERROR400", "ERROR500", "SLOW"])
def test_the_test_ids_are_there(test_id: str) -> None:
    assert any(test_id in line.group for line in LINES)


def test_routing_numbers_of_good_accounts_have_a_right_check_digit() -> None:
    class Account(msgspec.Struct):
        routing_number: str = "000000000"

    for line in ends_of("completed"):
        digits = map(int, msgspec.json.decode(line.body, type=Account).routing_number)
        weighed = zip(digits, (3, 7, 1) * 3, strict=True)
        assert sum(digit * weight for digit, weight in weighed) % 10 == 0


def test_a_duplicate_follows_its_original_and_says_the_same() -> None:
    for line in ends_of("duplicate"):
        original = next(other for other in LINES if other.key == line.key)
        assert original.number < line.number
        assert (original.expect.end, original.body) == ("completed", line.body)


def test_duplicates_come_with_the_same_and_with_another_deduplication_id() -> None:
    dedups = Counter(line.dedup for line in LINES)
    assert {dedups[line.dedup] > 1 for line in ends_of("duplicate")} == {True, False}


def test_the_same_id_with_another_body_must_be_rejected() -> None:
    reused = [line for line in LINES if line.expect.code == "id_reused"]
    assert reused
    for line in reused:
        original = next(other for other in LINES if other.key == line.key)
        assert (original.expect.end, original.body != line.body) == ("completed", True)


def test_a_message_in_an_envelope_is_known_by_the_id_inside() -> None:
    envelopes = [line for line in LINES if line.via != "topic"]
    assert {line.via for line in envelopes} == {"payment-processing", "bank-account-setup"}
    assert all(line.message_id and '"Message"' in line.body for line in envelopes)


def test_a_line_that_cannot_be_read_is_named_by_file_and_number(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(FILE.read_bytes().splitlines()[0] + b"\n{}\n")
    with pytest.raises(ScenarioFileError, match=r"mine\.jsonl, line 2: .*act"):
        read_lines(file)


def test_a_file_without_a_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.touch()
    with pytest.raises(ScenarioFileError, match=r"empty\.jsonl has no transactions"):
        read_lines(file)
