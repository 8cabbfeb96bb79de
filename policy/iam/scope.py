"""How far a statement reaches: over one resource, some, or all of a kind."""

import re
from typing import Final

from policy.arns import parse_arn
from policy.documents import Statement

_ALL_OF_A_KIND: Final = re.compile(r"(?:[A-Za-z-]+[:/])?\*(?:[:/].*)?")
_ALL_BUCKETS: Final = re.compile(r"\*(?:/.*)?")  # a bucket has no word for its kind before its name

_RESOURCE_KEYS: Final = (
    "aws:resourcetag/",
    "dynamodb:leadingkeys",
    "kms:encryptioncontext",
    "kms:resourcealiases",
    "lambda:functionarn",
    "secretsmanager:secretid",
    "cloudwatch:namespace",
    "scheduler:schedulegroup",
)
"""Beginnings of condition keys that say which resources a statement is about."""


def unbounded(resource: str) -> bool:
    """Whether a resource element stands for every resource of its kind.

    What belongs to a named one does not: the objects of a bucket, the indexes of a table.
    """
    arn = parse_arn(resource)
    pattern = _ALL_BUCKETS if arn and arn.service == "s3" else _ALL_OF_A_KIND
    return pattern.fullmatch(arn.resource if arn else resource) is not None


def pinned(statement: Statement) -> bool:
    """Whether a condition says which resources the statement is about."""
    return any(condition.key.startswith(_RESOURCE_KEYS) for condition in statement.naming())


def reaches_everything(statement: Statement) -> bool:
    """Whether a statement is about all resources of a kind and no condition says which."""
    wide = bool(statement.not_resources) or any(unbounded(item) for item in statement.resources)
    return wide and not pinned(statement)
