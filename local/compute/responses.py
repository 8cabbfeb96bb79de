import json
from collections.abc import Set as AbstractSet
from typing import Any


def failed_messages(payload: bytes, sent: AbstractSet[str]) -> AbstractSet[str]:
    """The ids of a batch that a function's partial batch response hands back.

    Nothing, null and an empty list mean that all went well. What is malformed, or names an id that
    was not sent, fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
    """
    try:
        answer: Any = json.loads(payload or b"null")
    except ValueError:
        return sent
    if answer is None:
        return frozenset()
    if not isinstance(answer, dict):
        return sent
    failures: Any = answer.get("batchItemFailures")
    if failures is None:
        return frozenset()
    if not isinstance(failures, list):
        return sent
    named = {_identifier(entry) for entry in failures}
    return named & sent if named <= sent else sent


def _identifier(entry: object) -> str:
    identifier = entry.get("itemIdentifier") if isinstance(entry, dict) else None
    return identifier if isinstance(identifier, str) else ""
