"""ARNs, queue URLs and what resource of a program they name."""

import re
from dataclasses import dataclass
from typing import Final

from policy import tokens

_PARTS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Arn:
    """An Amazon Resource Name, `arn:partition:service:region:account:resource`."""

    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """The ARN in `text`, None when it is none."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn":
        return None
    return Arn(service=parts[2], region=parts[3], account=parts[4], resource=parts[5])


# service, what the resource part begins with, Pulumi type, pattern of the physical name
_NAMED: Final[tuple[tuple[str, str, str, re.Pattern[str]], ...]] = tuple(
    (service, prefix, token, re.compile(pattern))
    for service, prefix, token, pattern in (
        ("sqs", "", tokens.QUEUE, r"([^:/]+)$"),
        ("sns", "", tokens.TOPIC, r"([^:/]+)(?::[^:]+)?$"),
        ("lambda", "function:", tokens.FUNCTION, r"function:([^:]+)(?::[^:]+)?$"),
        ("dynamodb", "table/", tokens.TABLE, r"table/([^/]+)(?:/.*)?$"),
        ("iam", "role/", tokens.ROLE, r"role/(?:.*/)?([^/]+)$"),
        ("iam", "policy/", tokens.MANAGED_POLICY, r"policy/(?:.*/)?([^/]+)$"),
        ("ecr", "repository/", tokens.REPOSITORY, r"repository/(.+)$"),
        ("logs", "log-group:", tokens.LOG_GROUP, r"log-group:([^:]+)(?::.*)?$"),
        ("kms", "alias/", tokens.KEY_ALIAS, r"(alias/.+)$"),
        ("kms", "key/", tokens.KEY, r"key/(.+)$"),
        ("secretsmanager", "secret:", tokens.SECRET, r"secret:(.+?)(?:-(?:[A-Za-z0-9?]{6}|\*))?$"),
        ("cloudwatch", "alarm:", tokens.ALARM, r"alarm:(.+)$"),
        ("scheduler", "schedule-group/", tokens.SCHEDULE_GROUP, r"schedule-group/(.+)$"),
        ("scheduler", "schedule/", tokens.SCHEDULE, r"schedule/(?:[^/]+/)?([^/]+)$"),
    )
)
_QUEUE_URL: Final = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/(.+)$")


@dataclass(frozen=True, kw_only=True)
class Named:
    """What an ARN or URL names: a Pulumi type and a physical name, in an account and region."""

    token: str
    name: str
    account: str
    region: str


def named(text: str) -> Named | None:
    """What `text` (an ARN or a queue URL) names; None where it names nothing that is modelled."""
    if url := _QUEUE_URL.match(text):
        return Named(
            token=tokens.QUEUE, name=url.group(3), account=url.group(2), region=url.group(1)
        )
    arn = parse_arn(text)
    if arn is None:
        return None
    for service, prefix, token, pattern in _NAMED:
        if service == arn.service and arn.resource.startswith(prefix):
            match = pattern.match(arn.resource)
            if match:
                return Named(
                    token=token, name=match.group(1), account=arn.account, region=arn.region
                )
    return None
