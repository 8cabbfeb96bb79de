"""IAM actions that the emulator names wrongly or not at all.

A batch is no action of its own in AWS, and the calls on one event source mapping are judged:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from collections.abc import Callable

from ministack.core import iam_actions

from local.emulator.gaps.seam import wrap

_OF_BATCH = {
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
_OF_MAPPING = {
    "GET": "GetEventSourceMapping",
    "PUT": "UpdateEventSourceMapping",
    "DELETE": "DeleteEventSourceMapping",
}


def close() -> None:
    """Name the actions as AWS's service authorization reference does."""
    wrap(iam_actions, "extract_iam_action", _naming_batches)
    wrap(iam_actions, "_lambda_action", _naming_mappings)


def _naming_batches(original: Callable[..., str | None]) -> Callable[..., str | None]:
    def action(*args: object, **named: object) -> str | None:
        found = original(*args, **named)
        return _OF_BATCH.get(found, found) if found else found

    return action


def _naming_mappings(original: Callable[[str, str], str | None]) -> Callable[..., str | None]:
    def action(method: str, path: str) -> str | None:
        match [part for part in path.split("/") if part]:
            case [_, "event-source-mappings", _]:
                return _OF_MAPPING.get(method)
            case _:
                return original(method, path)

    return action
