"""Deliveries of topics: what cannot be delivered goes to the subscription's dead-letter queue.

The emulator drops it, gives no sequence number, and calls a function once, allowed or not. AWS:
https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html (a client-side error is not
retried) and https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html (the function's policy)
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc, sns, sqs

from local.emulator.gaps.judging import permitted
from local.emulator.gaps.seam import Untyped, private, wrap
from local.emulator.judge import Request

_log = logging.getLogger(__name__)
_SERVICE = "sns.amazonaws.com"


def close() -> None:
    """Route what fails, number what arrives, and call functions as AWS does."""
    wrap(sns, "_deliver_to_sqs", _to_queue)
    wrap(sns, "_deliver_to_lambda", lambda _: _to_function)


def _to_queue(original: Callable[..., None]) -> Callable[..., None]:
    def deliver(endpoint: str, *content: Untyped, topic_arn: str, **named: Untyped) -> None:
        target = endpoint
        if not _accepts(endpoint, topic_arn):
            dead_letters = _dead_letter_queue(topic_arn, endpoint)
            if dead_letters is None or not _accepts(dead_letters, topic_arn):
                _log.warning("a message of %s for %s is lost", topic_arn, endpoint)
                return
            target = dead_letters
        original(target, *content, topic_arn=topic_arn, **named)
        _number(target)

    return deliver


def _accepts(queue: str, topic: str) -> bool:
    exists = private(sqs, "_queue_by_arn")(queue) is not None
    return exists and _may(topic, "sqs:SendMessage", queue)


def _may(topic: str, action: str, resource: str) -> bool:
    """Whether SNS may do this for a topic, by the resource's policy and by its key's."""
    return permitted(
        Request(
            principal=_SERVICE,
            action=action,
            resource=resource,
            context={"aws:sourcearn": (topic,), "aws:sourceaccount": (topic.split(":")[4],)},
        )
    )


def _dead_letter_queue(topic: str, endpoint: str) -> str | None:
    found = private(sns, "_topic_by_arn_any_scope")(topic) or {"subscriptions": ()}
    for subscription in found["subscriptions"]:
        if subscription["endpoint"] == endpoint:
            policy = subscription.get("attributes", {}).get("RedrivePolicy") or "{}"
            arn: str | None = json.loads(policy).get("deadLetterTargetArn")
            return arn
    return None


def _number(arn: str) -> None:
    if not arn.endswith(".fifo"):
        return
    queue = private(sqs, "_queue_by_arn")(arn)
    queue["fifo_seq"] += 1
    queue["messages"][-1]["seq"] = str(queue["fifo_seq"]).zfill(20)


def _to_function(  # noqa: PLR0913, PLR0917 - the emulator's signature
    endpoint: str,
    envelope: str,
    topic_arn: str,
    sub_arn: str,
    _message_id: str,
    message: str,
    attributes: dict[str, Any],
) -> None:
    function, config, _name = private(lambda_svc, "_get_func_record_for_ref")(endpoint)
    if not function or not config or not _may(topic_arn, "lambda:InvokeFunction", endpoint):
        dead_letters = _dead_letter_queue(topic_arn, endpoint)
        if dead_letters is None or not _accepts(dead_letters, topic_arn):
            _log.warning("a message of %s for %s is lost", topic_arn, endpoint)
            return
        private(sns, "_deliver_to_sqs")(
            dead_letters,
            envelope,
            False,  # noqa: FBT003 - the emulator's signature
            message,
            message_attributes=attributes,
            topic_arn=topic_arn,
        )
        return
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": sub_arn,
        "Sns": {"Subject": None, "MessageAttributes": {}} | json.loads(envelope),
    }
    executable = private(lambda_svc, "_execution_record_for_config")(function, config)
    private(lambda_svc, "invoke_async_with_retry")(executable, {"Records": [record]})
