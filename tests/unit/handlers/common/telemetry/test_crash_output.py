"""Our own code breaks with the bank details in its error, wherever it is: what leaves the process?

The whole output of a process of its own is looked at, as Lambda would keep it.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[5]
ACCOUNT, ROUTING = "98765432101234567", "021000021"
BROKEN = (
    "handlers.bank_account_setup.accounts:BankAccounts.check",
    "handlers.bank_account_setup.accounts:BankAccounts.request",
    "handlers.bank_account_setup.accounts:BankAccounts.details",
    "handlers.common.ledger.fingerprints:Fingerprints.of",
    "handlers.common.circuit.gate:Gate.admit",
    "handlers.common.memory:MemoryLedger.begin",
    "handlers.common.memory:MemoryLedger.write",
    "handlers.common.standalone:BuiltInBank.call",
    "handlers.common.standalone:LoggedOutcomes.announce",
    "handlers.common.standalone:NoQueue.send",
)
SCRIPT = f"""
import importlib, json, sys, traceback
from handlers.bank_account_setup import app

class Context:
    aws_request_id = "request-1"
    def get_remaining_time_in_millis(self):
        return 30_000

module, _, path = sys.argv[1].partition(":")
owner, name = path.split(".")

def broken(*given, **named):
    raise ValueError("cannot work on {ACCOUNT} at {ROUTING}")

setattr(getattr(importlib.import_module(module), owner), name, broken)
def body(customer):
    return {{"message_id": f"of-{{customer}}", "transaction_type": "bank_account_setup",
             "customer_id": customer, "account_number": "{ACCOUNT}", "routing_number": "{ROUTING}"}}

def record(customer):
    return {{"messageId": "sqs-1", "receiptHandle": "r", "eventSource": "aws:sqs",
             "body": json.dumps(body(customer)), "messageAttributes": {{}},
             "attributes": {{"MessageGroupId": customer, "SentTimestamp": "1000000000"}}}}

for customer in ("well", "refused-ERROR400"):
    for event in ({{"Records": [record(customer)]}}, body(customer)):
        try:
            print("answer", json.dumps(app.handler(event, Context())))
        except Exception:  # the runtime writes down what a handler raises
            traceback.print_exc()
            print("answer", "none: the invocation has failed")
"""


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.partition(":")[2])
def test_no_error_of_our_own_takes_bank_details_out_of_the_process(broken: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, broken],
        cwd=ROOT,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.count("answer ") == 4, done.stderr
    assert not [number for number in (ACCOUNT, ROUTING) if number in done.stdout + done.stderr]
