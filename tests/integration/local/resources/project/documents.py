"""ARNs and policies, as text."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Place:
    """Account and region."""

    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def document(action: str, resource: str, service: str | None = None) -> str:
    principal = {"Principal": {"Service": service}} if service else {}
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
