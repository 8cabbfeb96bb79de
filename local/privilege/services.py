"""What AWS's own services may do by the policies of the system's resources, and the page of each.

A condition that a service does not send lets nothing pass, so each follows the page, not a pattern.
The key's users stand with the key (components/encryption.py).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.monitor import RecordedResource

PAGES: Mapping[tuple[str, str], str] = {
    ("sns.amazonaws.com", "sqs:SendMessage"): (
        "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"
    ),
    ("sns.amazonaws.com", "lambda:InvokeFunction"): (
        "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"
    ),
    ("sns.amazonaws.com", "xray:PutTraceSegments"): (
        "https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html"
    ),
    ("cloudwatch.amazonaws.com", "sns:Publish"): (
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"
    ),
    ("lambda.amazonaws.com", "sts:AssumeRole"): (
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html"
    ),
    ("lambda.amazonaws.com", "ecr:BatchGetImage"): (
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"
    ),
    ("scheduler.amazonaws.com", "sts:AssumeRole"): (
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"
    ),
}
"""By the service and the first of its actions."""

_DOCUMENTS = ("policy", "policyDocument", "assumeRolePolicy")
_KINDS = {
    "queuePolicy": "queues",
    "topicPolicy": "topics",
    "repositoryPolicy": "repositories",
    "resourcePolicy": "X-Ray",
    "role": "roles",
    "permission": "functions",
}


@dataclass(frozen=True, order=True)
class Served:
    """A service, what it may do on which kind of resource, under which condition keys."""

    service: str
    actions: tuple[str, ...]
    kind: str
    conditions: tuple[str, ...]

    @property
    def page(self) -> str:
        """AWS's page on it.

        Raises:
            KeyError: Nobody has looked one up.
        """
        return PAGES[self.service, self.actions[0]]


def served(resources: Iterable[RecordedResource]) -> list[Served]:
    """Everything that the program lets services do, but for its keys; alike ones once."""
    found = {one for resource in resources for one in _of(resource)}
    return sorted(found)


def _of(resource: RecordedResource) -> Iterator[Served]:
    kind = _KINDS.get(resource.type.rpartition("/")[2].partition(":")[0])
    if kind is None:
        return
    if "sourceArn" in resource.inputs:
        given = resource.inputs
        keys = {"sourceArn": "aws:SourceArn", "sourceAccount": "aws:SourceAccount"}
        compared = tuple(f"`ArnLike` `{key}`" for name, key in keys.items() if name in given)
        yield Served(given["principal"], (given["action"],), kind, compared)
    for name in _DOCUMENTS:
        for statement in json.loads(resource.inputs.get(name) or "{}").get("Statement", ()):
            yield from _of_statement(statement, kind)


def _of_statement(statement: Mapping[str, Any], kind: str) -> Iterator[Served]:
    principal = statement.get("Principal")
    if not isinstance(principal, dict) or "Service" not in principal:
        return
    actions = statement["Action"]
    compared = statement.get("Condition", {}).items()
    yield Served(
        service=principal["Service"],
        actions=(actions,) if isinstance(actions, str) else tuple(actions),
        kind=kind,
        conditions=tuple(f"`{operator}` `{key}`" for operator, keys in compared for key in keys),
    )
