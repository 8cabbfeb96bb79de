"""Condition keys that the emulator does not know: of mappings, of tables' items, of KMS keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html and
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, lambda_svc

from local.emulator.gaps import keys
from local.emulator.gaps.seam import Untyped, private, wrap

_EQUALITY = re.compile(r"([#\w.]+)\s*=\s*(:\w+)")

Item = dict[str, Any]


def close() -> None:
    """Give the conditions what they compare."""
    wrap(iam_evaluator, "enforce", _with_keys_of_resources)
    wrap(iam_actions, "dynamodb_service_context", _with_leading_keys)


def _with_keys_of_resources(original: Callable[..., Untyped]) -> Callable[..., Untyped]:
    def enforce(*args: Untyped, service_context: Item | None = None, **named: Untyped) -> Untyped:
        found = _of_resource(str(named.get("resource_arn", "*")))
        return original(*args, service_context=(service_context or {}) | found, **named)

    return enforce


def _of_resource(resource: str) -> Item:
    if ":event-source-mapping:" in resource:
        mapping = private(lambda_svc, "_esms").get(resource.rsplit(":", 1)[-1])
        return {"lambda:FunctionArn": mapping["FunctionArn"]} if mapping else {}
    if aliases := keys.aliases(resource):
        return {"kms:ResourceAliases": list(aliases)}
    return {}


def _with_leading_keys(original: Callable[[bytes], Item]) -> Callable[[bytes], Item]:
    def context(body: bytes) -> Item:
        found = original(body)
        values = sorted(set(_leading_keys(body)))
        if values:
            # A key with one value must also meet an operator without a quantifier.
            found["dynamodb:LeadingKeys"] = values[0] if len(values) == 1 else values
        return found

    return context


def _leading_keys(body: bytes) -> Iterator[str]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return
    if not isinstance(request, dict):
        return
    yield from _of_item(request)
    for entry in request.get("TransactItems") or ():
        for part in entry.values():
            yield from _of_item(part)
    for table, entries in (request.get("RequestItems") or {}).items():
        yield from _of_batch(table, entries)


def _of_batch(table: str, entries: Untyped) -> Iterator[str]:
    if isinstance(entries, dict):  # BatchGetItem
        for key in entries.get("Keys") or ():
            yield from _of_item({"TableName": table, "Key": key})
    else:  # BatchWriteItem
        for entry in entries:
            for part in entry.values():
                yield from _of_item({"TableName": table, **part})


def _of_item(request: Item) -> Iterator[str]:
    name = _partition_key(request)
    if name is None:
        return
    for member in ("Key", "Item"):
        if name in (request.get(member) or {}):
            yield _plain(request[member][name])
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for left, right in _EQUALITY.findall(request.get("KeyConditionExpression") or ""):
        if names.get(left, left) == name and right in values:
            yield _plain(values[right])


def _partition_key(request: Item) -> str | None:
    table = private(dynamodb, "_tables").get(str(request.get("TableName", "")).rsplit("/", 1)[-1])
    if table is None:
        return None
    schema = table["KeySchema"]
    for index in table.get("GlobalSecondaryIndexes") or ():
        if index["IndexName"] == request.get("IndexName"):
            schema = index["KeySchema"]
    return next(part["AttributeName"] for part in schema if part["KeyType"] == "HASH")


def _plain(value: Item) -> str:
    return str(next(iter(value.values())))
