"""What the closed gate costs one worker in CPU: the real gate over the real DynamoDB client.

Only the network is missing: a hook of botocore answers each request, so that signing, sending's
preparation and parsing are paid as in a function.
"""

import time
from dataclasses import dataclass
from typing import Any

import botocore.awsrequest
import botocore.session

from bench.simulator.stack import stack
from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.events import Trip
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine

BATCH = 10
ROUNDS = 2_000
READS = 300


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of CPU: of a batch of ten within the cached second, and of one read of the state."""

    batch: float
    read: float


class _Body:
    """A response's body, as urllib3 gives it to botocore."""

    def stream(self, **_: object) -> list[bytes]:
        """All at once."""
        return [b"{}"]


def gate_cost() -> Cost:
    """Measures it in this process."""
    client: Any = botocore.session.Session().create_client(
        "dynamodb",
        region_name="us-east-2",
        aws_access_key_id="bench",
        aws_secret_access_key="bench",  # noqa: S106 - nobody checks it
    )
    client.meta.events.register("before-send.dynamodb", _answered)
    now = [0.0]
    gate = Gate(
        "bench",
        DynamoCircuitStore(client, "circuit"),
        Machine(stack("prod").rules, lambda: 0.0),
        announce=_nobody,
        who="bench",
        clock=lambda: now[0],
    )
    return Cost(batch=_batch(gate, now), read=_read(gate, now))


def _batch(gate: Gate, now: list[float]) -> float:
    gate.admit()
    began = time.process_time()
    for _ in range(ROUNDS):
        now[0] += 0.0001
        for _ in range(BATCH):
            gate.succeeded(gate.admit(), "customer", 0.1)
    return (time.process_time() - began) / ROUNDS


def _read(gate: Gate, now: list[float]) -> float:
    began = time.process_time()
    for _ in range(READS):
        now[0] += 2.0
        gate.admit()
    return (time.process_time() - began) / READS


def _nobody(service: str, trip: Trip) -> None:
    """Nothing trips here."""


def _answered(request: Any, **_: object) -> Any:  # noqa: ANN401 - botocore's own classes
    headers = botocore.awsrequest.HeadersDict()
    response: Any = botocore.awsrequest.AWSResponse
    return response(request.url, 200, headers, _Body())
