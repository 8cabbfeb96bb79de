"""ARNs of the local stack."""

from local.project import PREFIX

ACCOUNT = "123456789012"
REGION = "us-east-2"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-{name}"


def queue(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{PREFIX}-{name}"


def topic(name: str) -> str:
    return f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-{name}"
