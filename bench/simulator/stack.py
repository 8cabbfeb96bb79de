"""The settings of a stack as the project's files give them, for what the simulator runs."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace as with_changes

from handlers.common.circuit.rules import Rules
from handlers.common.worker.attempts import Retry
from local.configuration import read_configuration
from local.project import ROOT

FUNCTION_TIMEOUT = 30.0
"""Seconds; a service's default, and six times of it the queue's visibility timeout."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """What decides in a simulation. Times are seconds."""

    name: str
    rules: Rules
    retry: Retry
    queue_retention: float
    max_receives: int
    data_loss_warning: float
    alarm_error_rate: float
    alarm_volume: int
    manager_timeout: float
    fee_threshold: Decimal
    fee_rate: Decimal
    timeout: float = FUNCTION_TIMEOUT

    @property
    def visibility(self) -> float:
        """Of the queue, in seconds.

        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        """
        return 6 * self.timeout

    def changed(self, *, key_memory: float) -> "Stack":
        """The same stack in front of a bank with another memory."""
        return replace(self, retry=with_changes(self.retry, key_memory=key_memory))


@cache
def stack(name: str) -> Stack:
    """The stack of this name."""
    found = read_configuration(ROOT, name)
    values = {key.rsplit(":", 1)[-1]: value for key, value in found.values.items()}

    def number(key: str) -> float:
        return float(values[key])

    return Stack(
        name=name,
        rules=_rules(values),
        retry=Retry(
            max_attempts=int(values["maxAttempts"]),
            backoff=number("retryBackoff"),
            backoff_cap=number("retryBackoffCap"),
            key_memory=number("bankKeyMemory"),
            bank_timeout=number("bankConnectTimeout") + number("bankReadTimeout"),
        ),
        queue_retention=number("queueRetention"),
        max_receives=int(values["maxReceiveCount"]),
        data_loss_warning=number("dataLossWarning"),
        alarm_error_rate=number("alarmErrorRate"),
        alarm_volume=int(values["alarmMinimumVolume"]),
        manager_timeout=number("managerTimeout"),
        fee_threshold=Decimal(values["feeThreshold"]),
        fee_rate=Decimal(values["feeRate"]),
    )


def _rules(values: dict[str, Any]) -> Rules:
    names = {"window": "failureWindow"}
    found: dict[str, Any] = {}
    for field in Rules.__struct_fields__:
        first, *rest = field.split("_")
        found[field] = values[names.get(field, first + "".join(map(str.capitalize, rest)))]
    return msgspec.convert(found, Rules, strict=False)
