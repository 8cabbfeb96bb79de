"""The note that an administrator leaves by the page's own command, as the workers read it."""

import msgspec

from components.names import Names
from handlers.common.items import from_item
from handlers.common.ledger.guard import RECORD, Identity
from tests.unit.docs import aws_cli
from tests.unit.docs.pages import ROOT, spans

PAGE = ROOT / "docs" / "restore.md"
NAMES = Names(stack="prod", account="111122223333", region="us-east-2")
COMMANDS = [span for span in spans(PAGE) if span.startswith("aws ")]


def test_the_note_is_the_record_that_the_workers_look_for() -> None:
    (command,) = [each for each in COMMANDS if "put-item" in each]
    given = aws_cli.options(command.replace("<T>", "1700000000"))
    note = from_item(given["Item"])
    assert note["record"] == RECORD
    known = msgspec.convert(note, Identity, strict=False)
    assert known == Identity(table="<the id>", restored_to=1_700_000_000)
    assert given["TableName"].replace("P", NAMES.prefix) == NAMES.circuit_table


def test_every_other_table_and_key_is_named_as_in_the_stack() -> None:
    text = PAGE.read_text().replace("P-", f"{NAMES.prefix}-").replace("alias/P", NAMES.key_alias)
    assert f"--source-table-name {NAMES.ledger_table} " in " ".join(text.split())
    assert f"KMSMasterKeyId={NAMES.key_alias}`" in text
    assert f"`{NAMES.fingerprint_alias}`" in text
