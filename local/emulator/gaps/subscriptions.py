"""Subscriptions that AWS refuses and the emulator takes."""

from collections.abc import Callable
from typing import Any

from ministack.services import sns

from local.emulator.gaps.seam import Untyped, private, wrap

Parameters = dict[str, Any]


def close() -> None:
    """Refuse a FIFO queue on a standard topic: its messages would have no group."""
    wrap(sns, "_subscribe", _subscribing)


def _subscribing(original: Callable[[Parameters], Untyped]) -> Callable[[Parameters], Untyped]:
    def subscribe(parameters: Parameters) -> Untyped:
        value: Callable[[Parameters, str], str] = private(sns, "_p")
        topic, endpoint = value(parameters, "TopicArn"), value(parameters, "Endpoint")
        if endpoint.endswith(".fifo") and not topic.endswith(".fifo"):
            return private(sns, "_error")(
                "InvalidParameter",
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to "
                "standard SNS topics",
                400,
            )
        return original(parameters)

    return subscribe
