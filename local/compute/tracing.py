import secrets
import time
from collections.abc import Sequence
from typing import Any


def new_trace() -> str:
    """A trace header as Lambda makes one for an event that brings none.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=0"


def trace_of(records: Sequence[dict[str, Any]]) -> str:
    """The trace that all records of a batch came with, or a new one."""
    brought = {record["attributes"].get("AWSTraceHeader") for record in records}
    (only,) = brought if len(brought) == 1 else {None}
    return only or new_trace()
