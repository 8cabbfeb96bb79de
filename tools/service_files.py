"""What a new service begins with: its handler, and tests that say what it does so far."""

import ast
from pathlib import Path
from string import Template

VALUE = Template("""\
    Service(
        name="$name",
        transaction_type="$type",
    ),
""")

CONTAINER = Template("""\
  $name:
    <<: *service
    build: { <<: *build, args: { <<: *arguments, SERVICE: $name } }
    image: $name
""")

KIND = Template('''\
"""One transaction of $name: what it must be, what the bank is asked."""

from typing import Any, Literal

from handlers.common.bank.client import BankRequest
from handlers.common.errors import BankRejection, ServiceError
from handlers.common.messages.transactions import Transaction


class $message(Transaction, frozen=True, kw_only=True):
    """What the message holds beyond what every transaction has: its fields go here."""

    transaction_type: Literal["$type"] = "$type"


class ${message}Kind:
    """The kind of transaction that $name works off."""

    transaction_type = "$type"
    message = $message
    id_optional = False

    def check(self, transaction: $message) -> None:
        """See Kind. What it has to be is in its type."""

    def request(self, transaction: $message) -> BankRequest:
        """See Kind. Under its message's key the bank does it once."""
        body = {"customer_id": transaction.customer_id, "kind": "$type"}
        return BankRequest("/v1/orders", body)

    def details(self, transaction: $message) -> dict[str, Any]:
        """See Kind. The outcome tells no more than that it is done."""
        del transaction
        return {}

    def refused(self, rejection: BankRejection, sent_at: float, now: float) -> ServiceError:
        """See Kind. The bank's no is final."""
        del sent_at, now
        return rejection
''')

APP = Template('''\
"""$name: works off transactions of the type $type."""

from typing import Any

from handlers.$directory.kind import ${message}Kind
from handlers.common.service import Context, service

_service = service(${message}Kind())


def handler(event: object, context: Context) -> dict[str, Any]:
    """Lambda's entry point."""
    return _service.handle(event, context)
''')

TESTS = Template("""\
import msgspec
import pytest

from handlers.$directory.app import handler
from handlers.$directory.kind import $message, ${message}Kind
from handlers.common.errors import BankRejection, InvalidMessage
from handlers.common.messages.transactions import decoded

# A message that the service takes: a field that it demands belongs here too.
GOOD = {"message_id": "m-1", "customer_id": "c-1", "transaction_type": "$type"}


class Invocation:
    aws_request_id = "r-1"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def read(**changes: object) -> $message:
    return decoded(msgspec.json.encode({**GOOD, **changes}), $message)


def test_the_bank_is_asked_for_the_customer() -> None:
    asked = ${message}Kind().request(read())
    assert asked.body == {"customer_id": "c-1", "kind": "$type"}


@pytest.mark.parametrize("field", ["message_id", "customer_id"])
def test_a_message_without_an_id_is_refused(field: str) -> None:
    with pytest.raises(InvalidMessage, match=field):
        decoded(
            msgspec.json.encode({k: v for k, v in GOOD.items() if k != field}), $message
        )


def test_a_message_of_another_type_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="transaction_type"):
        read(transaction_type="somebody-elses")


def test_the_banks_no_is_final() -> None:
    rejection = BankRejection("not_possible", "the bank says no")
    assert ${message}Kind().refused(rejection, sent_at=0, now=1) is rejection


def test_a_container_started_alone_does_it_once() -> None:
    first, second = handler(GOOD, Invocation()), handler(GOOD, Invocation())
    assert (first["outcome"], first["duplicate"]) == ("completed", False), first
    assert (second["reference"], second["duplicate"]) == (first["reference"], True)
""")


def message_class(transaction_type: str) -> str:
    """The name of the class of the service's messages."""
    return "".join(part.capitalize() for part in transaction_type.split("_"))


def names_in_use() -> set[str]:
    """What the files name besides: a class of the same name would stand in its place."""
    nodes = [node for text in files("a", "a").values() for node in ast.walk(ast.parse(text))]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    used |= {node.name for node in nodes if isinstance(node, ast.alias | ast.ClassDef)}
    return used - {message_class("a"), f"{message_class('a')}Kind"}


def files(name: str, transaction_type: str) -> dict[Path, str]:
    """The new files of a service, by their paths in the project."""
    directory, message = name.replace("-", "_"), message_class(transaction_type)
    words = {"name": name, "type": transaction_type, "directory": directory, "message": message}
    handlers, tests = Path("handlers") / directory, Path("tests/unit/handlers") / directory
    return {
        handlers / "__init__.py": "",
        handlers / "kind.py": KIND.substitute(words),
        handlers / "app.py": APP.substitute(words),
        tests / f"test_{directory}.py": TESTS.substitute(words),
    }
