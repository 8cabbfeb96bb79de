"""The examples of the API's page, read by the types that read what crosses the wire."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import msgspec
import pytest

from handlers.common.circuit import control
from handlers.common.circuit.events import Verdict
from handlers.common.circuit.probes import ProbeAnswer, ProbeEvent
from handlers.common.errors import InvalidMessage
from handlers.common.messages.transactions import (
    LARGEST_AMOUNT,
    BankAccountSetup,
    Payment,
    decoded,
)
from handlers.common.worker.attempts import Done, NotDone
from handlers.common.worker.dead_letters import LetterReason
from handlers.common.worker.outcomes import Outcome
from handlers.subscription_manager.answers import Answer, Heard, Refusal, ServiceAnswer
from handlers.subscription_manager.commands import Result
from handlers.subscription_manager.notices import (
    Notice,
    RedriveNotice,
    StatusNotice,
    TransitionNotice,
)
from handlers.subscription_manager.reconcile import Turn
from local.scenario.plain import read_plain
from tests.unit.components.harness import graph
from tests.unit.docs import aws_cli, pages
from tests.unit.docs.pages import FENCE, ROOT, blocks, fenced
from tools.documented_messages import schema

PAGE = ROOT / "docs" / "api.md"
COMMANDS = [command for block in blocks(PAGE) for command in block.commands]
TRANSACTIONS = [command for command in COMMANDS if "$TRANSACTION_TOPIC" in command]
GIVEN = re.compile(r"\b(?:Reason|Rejection|InvalidMessage|IdReused)\(\s*\"(\w+)\"")
ELSEWHERE = {"control.py"}
"""Its refusals are the manager's answers, no reasons of an end."""

ORDERS = [command for command in COMMANDS if "$CONTROL_TOPIC" in command]


def message(command: str) -> str:
    return aws_cli.options(command)["Message"]


def test_there_is_an_example_of_each_transaction() -> None:
    types = {json.loads(message(command))["transaction_type"] for command in TRANSACTIONS}
    assert types == {"bank_account_setup", "payment"}


@pytest.mark.parametrize("command", TRANSACTIONS)
def test_an_example_of_a_transaction_is_one_and_is_sent_as_its_type(command: str) -> None:
    options = aws_cli.options(command)
    read = msgspec.json.decode(message(command), type=dict[str, str])
    kind = {"payment": Payment, "bank_account_setup": BankAccountSetup}[read["transaction_type"]]
    transaction = msgspec.json.decode(message(command), type=kind)
    jsonschema.validate(read, schema(kind))
    attribute = options["MessageAttributes"]["transaction_type"]["StringValue"]
    assert attribute == transaction.transaction_type
    assert options["MessageGroupId"] == transaction.customer_id
    assert options["MessageDeduplicationId"] == transaction.message_id


def test_an_example_of_a_file_is_sent_and_is_what_its_service_takes(tmp_path: Path) -> None:
    (content,) = [text for language, text in fenced(PAGE) if language == "jsonl"]
    file = tmp_path / "mine.jsonl"
    file.write_text(content)
    (line,), others = read_plain(file)
    assert (others, line.service) == ([], "payment-processing")
    decoded(line.body, Payment)
    jsonschema.validate(json.loads(content), schema(Payment))


@pytest.mark.parametrize("command", ORDERS)
def test_an_example_of_a_command_is_one(command: str) -> None:
    order = control.decode(message(command))
    assert isinstance(order, control.Disable)


def test_there_is_an_example_of_each_command_and_it_is_one() -> None:
    shown = examples("Commands")[0]
    read = [type(control.read(one)) for one in shown]
    for one, kind in zip(shown, read, strict=True):
        jsonschema.validate(one, schema(kind))
    assert set(read) == set(get_args(control.Message)) - {control.AlarmNotification}
    assert len(read) == len(set(read))


def test_every_verdict_of_a_probe_is_named() -> None:
    assert {*Verdict} <= named("Probes")


def test_the_largest_amount_is_the_one_that_is_taken() -> None:
    assert f"up to {LARGEST_AMOUNT:,}" in section("Transactions")


PAYMENT = {"message_id": "m-1", "customer_id": "c-1", "payment_method": "card"}


@pytest.mark.parametrize("amount", ["0.01", "120", "120.5", "1000000.00", 0.01, 120, 1_000_000])
def test_the_schema_takes_an_amount_that_is_taken(amount: object) -> None:
    payment = {**PAYMENT, "amount": amount}
    jsonschema.validate(payment, schema(Payment))
    msgspec.convert(payment, Payment, strict=False)


@pytest.mark.parametrize(
    "amount", ["abc", "", "0.00", "-5", "1.234", "1000000.01", 0, -5, 99_999_999, None]
)
def test_the_schema_refuses_an_amount_that_is_refused(amount: object) -> None:
    payment = {**PAYMENT, "amount": amount}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(payment, schema(Payment))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(payment, Payment, strict=False)


def test_the_schema_of_a_command_refuses_what_belongs_to_another() -> None:
    until = {"action": "enable", "hold_until": "2036-12-01T06:00:00Z"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(until, schema(control.Enable))


def test_the_topics_of_the_examples_are_outputs_of_the_program() -> None:
    asked = re.findall(r"pulumi stack output (\w+)", PAGE.read_text())
    assert len(asked) == 2
    assert set(asked) <= set(graph("dev").outputs)


@pytest.mark.parametrize("stack", ["dev", "local"])
def test_the_manager_of_the_example_has_the_name_that_the_page_gives_it(stack: str) -> None:
    (told,) = re.findall(r"; the manager: (\S+)", PAGE.read_text())
    function = graph(stack).one("Function", "subscription-manager-function").inputs["name"]
    assert told.replace("{stack}", stack) == function


def section(title: str) -> str:
    return pages.section(PAGE, title)


def named(title: str) -> set[str]:
    """What stands between backticks there."""
    return set(re.findall(r"`([^`]+)`", section(title)))


def test_every_message_of_the_control_topic_is_named_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`(\w+)` )?\|", section("Commands"), re.MULTILINE)
    (others,) = re.findall(r"The schedule sends `(\w+)`, workers send `(\w+)`", section("Commands"))
    with pytest.raises(InvalidMessage) as refused:
        control.decode('{"action": "dance"}')
    known = refused.value.detail.removeprefix("action must be one of ").split(", ")
    assert {*itertools.chain(*rows, others)} - {""} == set(known)


def test_what_selects_the_letters_of_a_redrive_is_named() -> None:
    (row,) = [line for line in section("Commands").splitlines() if line.startswith("| `redrive`")]
    own = set(control.Redrive.__struct_fields__) - set(control.Command.__struct_fields__)
    assert set(re.findall(r"`(\w+)`", row)) == own | {"redrive"}


def test_the_manager_answers_with_what_the_page_names() -> None:
    fields = {*Answer.__struct_fields__, *ServiceAnswer.__struct_fields__}
    assert fields | {*Result, *Turn} | set(Refusal.__struct_fields__) <= named("Commands")


def test_every_code_of_a_refusal_is_named() -> None:
    assert set(refusals()) <= named("Commands")


def refusals() -> Iterator[str]:
    """The codes of what the manager refuses."""
    sources = (ROOT / "handlers" / "subscription_manager").glob("*.py")
    for path in (ROOT / "handlers" / "common" / "circuit" / "control.py", *sources):
        yield from re.findall(r"InvalidMessage\(\s*\"(\w+)\"", path.read_text())


def examples(title: str) -> list[Any]:
    """What stands in JSON under a heading."""
    text = PAGE.read_text().partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [json.loads(shown) for language, shown in FENCE.findall(text) if language == "json"]


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Transactions", (Done, NotDone)),
        ("Outcomes", (Outcome, LetterReason)),
        ("Commands", (list[dict[str, Any]], Answer, Refusal, Heard)),
        ("Notifications", (TransitionNotice, RedriveNotice, StatusNotice)),
        ("Probes", (ProbeEvent, ProbeAnswer)),
    ],
)
def test_an_example_of_an_answer_or_a_notice_is_whole_and_reads_as_one(
    title: str, kinds: tuple[type, ...]
) -> None:
    shown = examples(title)
    read = [msgspec.convert(one, kind) for one, kind in zip(shown, kinds, strict=True)]
    assert json.loads(msgspec.json.encode(read)) == shown
    for one, kind in zip(shown, kinds, strict=True):
        jsonschema.validate(one, schema(kind))


def test_every_code_of_ours_is_named_and_no_other() -> None:
    (listed,) = re.findall(r"one of ours: ([^.]+)\.", section("Outcomes"))
    assert set(re.findall(r"`(\w+)`", listed)) == set(codes())


def codes() -> Iterator[str]:
    """The codes that workers give a reason themselves."""
    workers = (ROOT / "handlers").glob("[!s]*/**/*.py")
    for path in workers:
        for found in re.finditer(GIVEN, path.read_text()):
            if path.name not in ELSEWHERE:
                yield found[1]


def test_every_kind_of_notification_is_named() -> None:
    told = {str(kind.__struct_config__.tag) for kind in get_args(Notice)}
    assert told <= named("Notifications")
