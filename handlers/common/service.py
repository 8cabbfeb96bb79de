"""A worker put together from its environment, and the three kinds of event that it takes."""

import json
import os
import time
from typing import Any, Generic, Protocol, TypeVar
from uuid import uuid4

import msgspec

from handlers.common import aws
from handlers.common.bank.client import HttpBank
from handlers.common.bank.key import BankKey
from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.gate import Gate
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.probes import ProbeRequest
from handlers.common.circuit.trips import SnsTrips
from handlers.common.errors import Crashed, Deferred
from handlers.common.ledger.dynamo import DynamoLedger
from handlers.common.ledger.entries import Reason
from handlers.common.ledger.fingerprints import Fingerprints, by_kms
from handlers.common.ledger.guard import DynamoIdentities, GuardedLedger
from handlers.common.messages.delivery import direct
from handlers.common.messages.transactions import Transaction
from handlers.common.settings import WorkerSettings, worker_settings
from handlers.common.standalone import standalone, standalone_worker
from handlers.common.telemetry.logs import defect_of, logger
from handlers.common.telemetry.tally import tally
from handlers.common.worker.attempts import NotDone, Retry
from handlers.common.worker.batches import SqsHandBack, Worker
from handlers.common.worker.dead_letters import SqsDeadLetters
from handlers.common.worker.kinds import Kind
from handlers.common.worker.outcomes import SnsOutcomes
from handlers.common.worker.probe import Probe, SqsSource
from handlers.common.worker.processing import Processor

T = TypeVar("T", bound=Transaction)


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is ended."""
        ...


class Service(Generic[T]):
    """One worker: batches from its queue, single transactions by direct invocation, probes."""

    def __init__(self, kind: Kind[T], worker: Worker[T], probe: Probe[T] | None) -> None:
        self._kind, self._worker, self._probe = kind, worker, probe

    def handle(self, event: object, context: Context) -> dict[str, Any]:
        """The function's entry point.

        Raises:
            Crashed: Our own code broke beside a message: the invocation fails, as the alarm wants.
        """
        try:
            return self._handled(event, context)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text must not leave
            logger.error("crashed", extra=defect_of(error))
            # Lambda writes down what a handler raises, text and all.
            raise Crashed(type(error).__name__) from None
        finally:
            tally.flush()

    def _handled(self, event: Any, context: Context) -> dict[str, Any]:  # noqa: ANN401 - whatever the caller sends
        remaining = context.get_remaining_time_in_millis() / 1000
        match event:
            case {"Records": [{"eventSource": "aws:sqs"}, *_] as records}:
                return self._worker.batch(list(records), remaining)
            case {"probe": asked} if self._probe is not None:
                return _probed(self._probe, asked, time.time() + remaining)
            case {}:
                return self._direct(event, context.aws_request_id, time.time() + remaining)
            case _:
                return _refusal("unreadable_message", "the event is not an object")

    def _direct(self, event: dict[str, Any], request_id: str, deadline: float) -> dict[str, Any]:
        """One transaction as the event; answers with its outcome."""
        if self._kind.id_optional and "message_id" not in event:
            event = {**event, "message_id": f"direct-{uuid4()}"}
        try:
            body = json.dumps(event)
        except (ValueError, RecursionError):
            return _refusal("unreadable_message", "the event is not JSON")
        delivery = direct(body, request_id, event.get("customer_id"), time.time())
        try:
            done = self._worker.one(delivery, deadline)
        except Deferred as deferred:
            reason = Reason(type(deferred).__name__, str(deferred))
            message_id = event.get("message_id")
            return msgspec.to_builtins(
                NotDone(outcome="deferred", reason=reason, message_id=message_id)
            )
        return msgspec.to_builtins(done)


def service(kind: Kind[T]) -> Service[T]:
    """The worker for a kind of transaction, from the environment of this process.

    Raises:
        SettingsError: Naming the variable that is missing or wrong.
    """
    if standalone():
        return Service(kind, standalone_worker(kind), None)
    return _wired(kind, worker_settings())


def _wired(kind: Kind[T], settings: WorkerSettings) -> Service[T]:
    store = DynamoCircuitStore(aws.dynamodb(), settings.circuit_table)
    key = BankKey(aws.secrets(), settings.bank_api_key_secret)
    bank = HttpBank(
        settings.bank_url,
        key,
        connect_timeout=settings.bank_connect_timeout,
        read_timeout=settings.bank_read_timeout,
    )
    retry = Retry(
        max_attempts=settings.max_attempts,
        backoff=settings.retry_backoff,
        backoff_cap=settings.retry_backoff_cap,
        key_memory=settings.bank_key_memory,
        bank_timeout=settings.bank_connect_timeout + settings.bank_read_timeout,
    )
    machine = Machine(settings.rules, _jitter)
    gate = Gate(
        settings.service,
        store,
        machine,
        announce=SnsTrips(aws.sns(), settings.control_topic_arn),
        who=os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "worker"),
        clock=time.time,
    )
    processor = Processor(
        settings.service,
        kind,
        gate=gate,
        ledger=_ledger(settings),
        fingerprints=Fingerprints(by_kms(settings.fingerprint_key)),
        bank=bank,
        outcomes=SnsOutcomes(aws.sns(), settings.outcomes_topic_arn),
        dead_letters=SqsDeadLetters(aws.sqs(), settings.dead_letter_queue_url),
        retry=retry,
        clock=time.time,
    )
    hand_back = SqsHandBack(aws.sqs(), settings.queue_url)
    worker = Worker(processor, hand_back, retry, time.time)
    probe = Probe(
        worker,
        store=store,
        lease_owner=store.lease_owner,
        bank=bank,
        key=key,
        source=SqsSource(aws.sqs(), settings.queue_url),
        hand_back=hand_back,
        machine=machine,
    )
    return Service(kind, worker, probe)


def _ledger(settings: WorkerSettings) -> GuardedLedger:
    client = aws.dynamodb()
    return GuardedLedger(
        DynamoLedger(client, settings.ledger_table, settings.ledger_retention),
        DynamoIdentities(client, settings.ledger_table, settings.circuit_table),
        settings.service,
    )


def _jitter() -> float:
    from random import random  # noqa: PLC0415 - only a trip needs it

    return random()  # noqa: S311 - spreads probes, guards nothing


def _probed(probe: Probe[T], asked: object, deadline: float) -> dict[str, Any]:
    try:
        request = msgspec.convert(asked, ProbeRequest)
    except msgspec.ValidationError:
        return _refusal("invalid_probe", "it must have service, generation and lease")
    return msgspec.to_builtins(probe.run(request, deadline))


def _refusal(code: str, detail: str) -> dict[str, Any]:
    return msgspec.to_builtins(NotDone(outcome="rejected", reason=Reason(code, detail)))
