"""How far a statement reaches: over one resource, some, or all of a kind."""

import re
from typing import Final

from policy.arns import parse_arn
from policy.documents import Statement
from policy.iam.database import knows, whole_kinds
from policy.patterns import collapsed, is_pattern, like

_ALL_OF_A_KIND: Final = re.compile(r"(?:[A-Za-z-]+[:/])?\*(?:[:/].*)?")

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
    """Whether a resource element stands for every resource of a kind.

    What belongs to a named one does not: the objects of a bucket, the indexes of a table. An ARN
    that is cut short, such as `arn:aws:sqs:*`, stands for all that begins so.
    """
    arn = parse_arn(collapsed(resource))
    if arn is None:
        cut_short = resource.startswith("arn:") and is_pattern(resource)
        return cut_short or _ALL_OF_A_KIND.fullmatch(collapsed(resource)) is not None
    if is_pattern(arn.service):
        return True
    if not knows(arn.service):
        return _ALL_OF_A_KIND.fullmatch(arn.resource) is not None
    return any(like(made_up, arn.resource) for made_up in whole_kinds(arn.service))


def pinned(statement: Statement) -> bool:
    """Whether a condition says which resources the statement is about."""
    return any(
        condition.key.startswith(_RESOURCE_KEYS) and not any(map(unbounded, condition.values))
        for condition in statement.naming()
    )


def bounded(statement: Statement) -> bool:
    """Whether it is about roles under a named permissions boundary only."""
    return any(
        not any(map(is_pattern, condition.values))
        for condition in statement.naming("iam:PermissionsBoundary")
    )


def reaches_everything(statement: Statement) -> bool:
    """Whether a statement is about all resources of a kind and no condition says which."""
    wide = bool(statement.not_resources) or any(unbounded(item) for item in statement.resources)
    return wide and not pinned(statement)
