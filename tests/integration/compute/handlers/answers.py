"""Handlers that end in every way an invocation can end."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3

Event = Any  # what a test sends
Context = Any  # what the runtime gives
Answer = Any

CALLS = [0]


def echo(event: Event, _context: Context) -> Answer:
    return event


def environment(_event: Event, _context: Context) -> dict[str, str]:
    return dict(os.environ)


def context(_event: Event, context: Context) -> dict[str, Any]:
    return {
        "arn": context.invoked_function_arn,
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "request": context.aws_request_id,
        "remaining": context.get_remaining_time_in_millis(),
    }


def count(_event: Event, _context: Context) -> int:
    CALLS[0] += 1
    return CALLS[0]


def meet(event: Event, _context: Context) -> list[float]:
    """Wait until another process is at work too; which one ran from when to when."""
    begun = time.time()
    place = Path(event)
    (place / str(os.getpid())).touch()
    while len(list(place.iterdir())) < 2:
        time.sleep(0.01)
    return [os.getpid(), begun, time.time()]


def fail(event: Event, _context: Context) -> None:
    raise ValueError(event)


def leave(event: Event, _context: Context) -> None:
    sys.exit(event)


def hang(event: Event, _context: Context) -> int:
    """Sleep once, in a child too, then answer how many calls this process has had."""
    CALLS[0] += 1
    if event:
        child = subprocess.Popen(["sleep", "60"])
        Path(event).write_text(str(child.pid))
        time.sleep(60)
    return CALLS[0]


def huge(event: Event, _context: Context) -> str:
    return "x" * event


def strange(_event: Event, _context: Context) -> object:
    return object()


def speak(event: Event, _context: Context) -> None:
    print(event)  # noqa: T201 - that is what is tested
    print(event, file=sys.stderr)  # noqa: T201 - the same


def who(_event: Event, _context: Context) -> str:
    return str(boto3.client("sts").get_caller_identity()["Arn"])


def trace(_event: Event, _context: Context) -> str:
    return os.environ["_X_AMZN_TRACE_ID"]
