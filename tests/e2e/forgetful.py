"""The services with their ledger switched off: every delivery is the first they ever saw."""

import importlib
import os

from handlers.common.ledger.dynamo import DynamoLedger
from handlers.common.ledger.entries import Begun, Claim, Entry, taken


def _begin(self: DynamoLedger, claim: Claim) -> Begun:
    del self
    return Begun(entry=taken(Entry(id=claim.id), claim), before=None)


def _write(self: DynamoLedger, held: Entry, after: Entry) -> bool:
    del self, held, after
    return True


DynamoLedger.begin = _begin
DynamoLedger.write = _write

handler = importlib.import_module(f"handlers.{os.environ['SERVICE'].replace('-', '_')}.app").handler
