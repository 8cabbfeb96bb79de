"""The subscription manager's Lambda function."""

import time
from functools import cache
from random import random
from typing import Any, Protocol
from uuid import uuid4

import msgspec

from handlers.common import aws
from handlers.common.circuit.dynamo import DynamoCircuitStore
from handlers.common.circuit.machine import Machine
from handlers.common.telemetry.logs import emit
from handlers.subscription_manager.cloudwatch_alarms import CloudWatchAlarms
from handlers.subscription_manager.dynamo_records import DynamoRecords
from handlers.subscription_manager.lambda_mappings import LambdaMappings
from handlers.subscription_manager.lambda_prober import LambdaProber
from handlers.subscription_manager.ledger_precedence import LedgerPrecedence
from handlers.subscription_manager.manager import Manager
from handlers.subscription_manager.ports import Ports
from handlers.subscription_manager.settings import ManagerSettings, manager_settings
from handlers.subscription_manager.sns_notifications import SnsNotifications
from handlers.subscription_manager.sqs_letters import SqsLetters
from handlers.subscription_manager.sqs_queues import SqsQueues

RESERVE = 2.0
"""Seconds of an invocation that are left for the last writes."""


class Context(Protocol):
    """What is used of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is ended."""
        ...


def ports(settings: ManagerSettings) -> Ports:
    """The outside, over AWS's APIs."""
    circuits = DynamoCircuitStore(aws.dynamodb(), settings.circuit_table)
    return Ports(
        circuits=circuits,
        records=DynamoRecords(aws.dynamodb(), settings.circuit_table, circuits),
        mappings=LambdaMappings(aws.functions(aws.READ_TIMEOUT)),
        queues=SqsQueues(aws.sqs(), aws.cloudwatch(), time.time),
        prober=LambdaProber(),
        alarms=CloudWatchAlarms(aws.cloudwatch()),
        notifications=SnsNotifications(aws.sns(), settings.notifications_topic_arn),
        letters=SqsLetters(aws.sqs()),
        precedence=LedgerPrecedence(aws.dynamodb(), settings.ledger_table),
        emit=emit,
        clock=time.time,
        pause=time.sleep,
        new_owner=lambda: str(uuid4()),
    )


@cache
def manager() -> Manager:
    """The manager of this process.

    Raises:
        SettingsError: Naming the variable that is missing or wrong.
    """
    settings = manager_settings()
    machine = Machine(settings.rules, random)
    return Manager(ports(settings), machine, settings.managed, settings.queue_retention)


def handler(event: object, context: Context) -> dict[str, Any]:
    """Lambda's entry point; see Manager.handle."""
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000 - RESERVE
    return msgspec.to_builtins(manager().handle(event, deadline))
