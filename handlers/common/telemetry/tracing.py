"""A call to another system as a part of the invocation's trace, in one datagram.

Beside a function that traces, Lambda runs X-Ray's daemon. The SDK that would tell it costs a start
more than half as much again (`make bench`); what it would send is one small JSON document.
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
"""

import os
import time
from contextlib import suppress
from http import HTTPStatus
from socket import AF_INET, SOCK_DGRAM, socket
from typing import Any

import msgspec

HEADER = b'{"format": "json", "version": 1}\n'


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that has ended. `status` is None where no answer came."""

    name: str
    method: str
    url: str
    status: int | None
    seconds: float
    correlation_id: str | None = None


def trace(call: Call) -> None:
    """Tells of a call that ended now, where this invocation's trace is sampled.

    Nobody waits for a trace: one that cannot be sent is lost.
    """
    address = os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "")
    header = os.environ.get("_X_AMZN_TRACE_ID", "")
    fields = {name: value for name, _, value in (f.partition("=") for f in header.split(";"))}
    if not address or fields.get("Sampled") != "1":
        return
    document = msgspec.json.encode(_subsegment(call, fields, time.time()))
    host, _, port = address.rpartition(":")
    with suppress(OSError, ValueError), socket(AF_INET, SOCK_DGRAM) as daemon:
        daemon.settimeout(0)
        daemon.sendto(HEADER + document, (host, int(port)))


def _subsegment(call: Call, fields: dict[str, str], ended: float) -> dict[str, Any]:
    status = call.status
    return {
        "type": "subsegment",
        "namespace": "remote",
        "id": os.urandom(8).hex(),
        "trace_id": fields.get("Root"),
        "parent_id": fields.get("Parent"),
        "name": call.name,
        "start_time": ended - call.seconds,
        "end_time": ended,
        "http": {
            "request": {"method": call.method, "url": call.url},
            "response": {} if status is None else {"status": status},
        },
        "fault": status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        "error": status is not None and 400 <= status < 500,  # noqa: PLR2004 - HTTP's
        "throttle": status == HTTPStatus.TOO_MANY_REQUESTS,
        "annotations": {"correlation_id": call.correlation_id} if call.correlation_id else {},
    }
