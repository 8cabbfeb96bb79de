"""Event source mappings: what AWS refuses at once, and the states in between.

The emulator takes every mapping and changes state in no time. AWS refuses what can never work,
and answers `Enabling` or `Disabling` for a while, in which another change is refused.
Rules: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc, sqs

from local.emulator.gaps import roles
from local.emulator.gaps.seam import private, wrap

# Seconds that a change takes here. AWS gives no figure.
TRANSITION = 0.2
FIFO_BATCH = 10
_POLLING_ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")

Mapping = dict[str, Any]
Answer = tuple[Any, ...]
_changing: dict[str, tuple[str, float]] = {}


def close() -> None:
    """Judge creations, refuse a change during a change, and show the states in between."""
    wrap(lambda_svc, "_create_esm", _creating)
    wrap(lambda_svc, "_update_esm", _updating)
    wrap(lambda_svc, "_delete_esm", _deleting)
    wrap(lambda_svc, "_esm_response", _showing)


def _showing(original: Callable[[Mapping], Mapping]) -> Callable[[Mapping], Mapping]:
    def show(mapping: Mapping) -> Mapping:
        state = _transition(mapping["UUID"])
        return original(mapping) | ({"State": state} if state else {})

    return show


def _creating(original: Callable[[Mapping], Answer]) -> Callable[[Mapping], Answer]:
    def create(request: Mapping) -> Answer:
        if refused := _refusal(request):
            return refused
        before = set(_mappings())
        answer = original(request)
        for made in set(_mappings()) - before:
            _changing[made] = ("Creating", time.monotonic() + TRANSITION)
            return answer[0], answer[1], answer[2].replace(b'"Enabled"', b'"Creating"', 1)
        return answer

    return create


def _updating(original: Callable[[str, Mapping], Answer]) -> Callable[[str, Mapping], Answer]:
    def update(identity: str, request: Mapping) -> Answer:
        if state := _transition(identity):
            return _in_use(state)
        mapping = _mappings().get(identity)
        if mapping is not None:
            enabled = request.get("Enabled", mapping["Enabled"])
            changed = enabled != mapping["Enabled"]
            state = ("Enabling" if enabled else "Disabling") if changed else "Updating"
            _changing[identity] = (state, time.monotonic() + TRANSITION)
        return original(identity, request)

    return update


def _deleting(original: Callable[[str], Answer]) -> Callable[[str], Answer]:
    def delete(identity: str) -> Answer:
        state = _transition(identity)
        return _in_use(state) if state else original(identity)

    return delete


def _mappings() -> dict[str, Mapping]:
    return dict(private(lambda_svc, "_esms").items())


def _transition(identity: str) -> str | None:
    state, until = _changing.get(identity, ("", 0.0))
    if time.monotonic() < until:
        return state
    _changing.pop(identity, None)
    return None


def _in_use(state: str) -> Answer:
    return error_response_json(
        "ResourceInUseException",
        f"Cannot change the event source mapping because it is in the {state} state.",
        400,
    )


def _refusal(request: Mapping) -> Answer | None:
    source = str(request.get("EventSourceArn", ""))
    if ":sqs:" not in source:
        return None
    queue: dict[str, Any] | None = private(sqs, "_queue_by_arn")(source)
    if queue is None:
        return _invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue."
        )
    name = str(request.get("FunctionName", "")).rsplit(":function:", 1)[-1]
    function: dict[str, Any] | None = private(lambda_svc, "_functions").get(name)
    if function is None:
        return None  # the emulator names that one itself
    return (
        _batch_refusal(source, request)
        or _visibility_refusal(queue, function["config"])
        or _duplicate_refusal(source, name)
        or _role_refusal(source, function["config"])
    )


def _batch_refusal(source: str, request: Mapping) -> Answer | None:
    if not source.endswith(".fifo"):
        return None
    if int(request.get("BatchSize") or FIFO_BATCH) > FIFO_BATCH:
        return _invalid(f"Batch size must be at most {FIFO_BATCH} for a FIFO queue.")
    if request.get("MaximumBatchingWindowInSeconds"):
        return _invalid("Batching window is not supported for FIFO queues.")
    return None


def _visibility_refusal(queue: dict[str, Any], config: dict[str, Any]) -> Answer | None:
    visibility = int(queue["attributes"].get("VisibilityTimeout", 30))
    timeout = int(config.get("Timeout", 3))
    if visibility >= timeout:
        return None
    return _invalid(
        f"Queue visibility timeout: {visibility} seconds is less than "
        f"Function timeout: {timeout} seconds"
    )


def _duplicate_refusal(source: str, name: str) -> Answer | None:
    for identity, mapping in _mappings().items():
        if mapping["EventSourceArn"] == source and mapping["FunctionName"] == name:
            return error_response_json(
                "ResourceConflictException",
                f'An event source mapping with SQS arn (" {source} ") and function (" {name} ") '
                "already exists. Please update or delete the existing mapping with UUID "
                f"{identity}",
                409,
            )
    return None


def _role_refusal(source: str, config: dict[str, Any]) -> Answer | None:
    for action in _POLLING_ACTIONS:
        if not roles.allows(config["Role"], f"sqs:{action}", source):
            return _invalid(
                f"The provided execution role does not have permissions to call {action} on SQS"
            )
    return None


def _invalid(message: str) -> Answer:
    return error_response_json("InvalidParameterValueException", message, 400)
