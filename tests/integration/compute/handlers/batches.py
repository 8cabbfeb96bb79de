"""Handlers of batches. What they saw goes to the table that the environment names."""

import json
import os
import time
from pathlib import Path
from typing import Any

import boto3

Event = Any  # what a test sends
Context = Any  # what the runtime gives
Answer = Any

table = boto3.resource("dynamodb").Table(os.environ["SEEN"])


def _note(event: Event, begun: float) -> None:
    records = event["Records"]
    table.put_item(
        Item={
            "id": f"{begun:.6f}#{records[0]['messageId']}",
            "bodies": [record["body"] for record in records],
            "begun": str(begun),
            "ended": str(time.time()),
            "event": json.dumps(event),
        }
    )


def _wait(event: Event) -> None:
    """Some seconds; until another batch is at work too; until there is a file."""
    time.sleep(float(os.environ.get("SECONDS", "0")))
    if "MEET" in os.environ:
        place = Path(os.environ["MEET"])
        (place / event["Records"][0]["messageId"]).touch()
        while len(list(place.iterdir())) < 2:
            time.sleep(0.01)
    while "UNTIL" in os.environ and not Path(os.environ["UNTIL"]).exists():
        time.sleep(0.01)


def work(event: Event, _context: Context) -> Answer:
    """Wait as the environment says and answer what it says, but for what a body asks."""
    begun = time.time()
    _wait(event)
    _note(event, begun)
    if any(record["body"] == "raise" for record in event["Records"]):
        raise ValueError("asked to")
    if "ANSWER" in os.environ:
        return json.loads(os.environ["ANSWER"])
    failed = [record["messageId"] for record in event["Records"] if record["body"] == "fail"]
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
