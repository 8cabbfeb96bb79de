"""`python -m control.smoke`: synthetic transactions through a deployed stack, to their ends.

What a deployment is tried with: topic, queue, function, bank and ledger, under the roles that the
stack has. An account for a test customer is set up at the bank and, except in prod, a payment of
one dollar is made from it. The exit code is 0 only if each came to an end that the bank gave it.
"""

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from control.errors import ControlError, Exit
from control.place import ROOT, Place, reach

PROD = "prod"
CUSTOMER = "smoke-test"
ACCOUNT = {"routing_number": "110000000", "account_number": "000123456789"}
"""Numbers that no bank has given out, with a routing number whose checksum holds."""

PAYMENT = {"amount": "1.00", "payment_method": "ach"}
LOOK_AGAIN = 0.5
"""Seconds."""

NEVER_AT_THE_BANK = {"invalid_message", "unreadable_message", "invalid_routing_number", "id_reused"}
"""Rejections of our own: the transaction ended, but tried little of the system."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One synthetic transaction and the entry that it must get in the ledger."""

    transaction: dict[str, Any]
    service: str

    @property
    def entry(self) -> str:
        """The ledger's key of it."""
        return f"{self.service}#{self.transaction['message_id']}"


@dataclass(frozen=True, kw_only=True)
class End:
    """What became of a trial. `seconds` are from its sending."""

    entry: str
    status: str
    code: str
    seconds: float

    @property
    def good(self) -> bool:
        """Whether the whole way was gone: the bank's no is as good as its yes."""
        rejected = self.status == "rejected" and self.code not in NEVER_AT_THE_BANK
        return self.status == "completed" or rejected


def trials(stack: str) -> Iterator[Trial]:
    """The transactions for a stack, each with an id of its own: it is tried again and again."""
    yield _trial("bank-account-setup", "bank_account_setup", ACCOUNT)
    if stack != PROD:  # money would move there
        yield _trial("payment-processing", "payment", PAYMENT)


def _trial(service: str, kind: str, content: dict[str, str]) -> Trial:
    ids = {"customer_id": CUSTOMER, "message_id": f"smoke-{uuid.uuid4()}"}
    return Trial(transaction={**ids, "transaction_type": kind, **content}, service=service)


def follow(place: Place, trial: Trial, patience: float) -> End:
    """Send a transaction and wait for its end, at most so many seconds."""
    begun = time.monotonic()
    _send(place, trial.transaction)
    entry: dict[str, str] = {}
    while True:
        entry = _entry(place, trial.entry) or entry
        status, code = entry.get("status", "not begun"), entry.get("code", "")
        end = End(entry=trial.entry, status=status, code=code, seconds=time.monotonic() - begun)
        if status not in {"not begun", "in_progress", "waiting"} or end.seconds > patience:
            return end
        time.sleep(LOOK_AGAIN)


def _send(place: Place, transaction: dict[str, Any]) -> None:
    topic = f"{place.name('transaction-processing')}.fifo"
    kind = str(transaction["transaction_type"])
    place.sns.publish(
        TopicArn=f"arn:aws:sns:{place.region}:{place.account}:{topic}",
        Message=msgspec.json.encode(transaction).decode(),
        MessageGroupId=transaction["customer_id"],
        MessageDeduplicationId=transaction["message_id"],
        MessageAttributes={"transaction_type": {"DataType": "String", "StringValue": kind}},
    )


def _entry(place: Place, key: str) -> dict[str, str]:
    found = place.tables.get_item(
        TableName=place.name("ledger"), Key={"id": {"S": key}}, ConsistentRead=True
    )
    return {name: value.get("S", "") for name, value in found.get("Item", {}).items()}


def main() -> int:
    """Try a stack."""
    options = _parser().parse_args()
    try:
        place = reach(options.stack, directory=options.directory, take_role=False)
        ends = [follow(place, trial, options.patience) for trial in trials(options.stack)]
    except ControlError as error:
        sys.stderr.write(f"{error}\n")
        return error.code
    except (ClientError, BotoCoreError) as error:
        sys.stderr.write(f"AWS: {error}\n")
        return Exit.FAILED
    for end in ends:
        sys.stdout.write(f"{end.entry}: {end.status} {end.code} ({end.seconds:.1f} s)\n")
    return Exit.DONE if all(end.good for end in ends) else Exit.FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m control.smoke", description=__doc__)
    parser.add_argument("--stack", required=True, help="local, dev, staging, prod")
    parser.add_argument("--patience", type=float, default=120, help="seconds for each transaction")
    parser.add_argument(
        "--directory", type=Path, default=ROOT / ".local" / "up", help="of the local system"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
