"""Every kind of resource that the local system can make, by Pulumi's type token."""

from collections.abc import Mapping

from local.resources import (
    cloudwatch,
    dynamodb,
    ecr,
    iam,
    image,
    kms,
    lambda_,
    logs,
    recorded,
    scheduler,
    secretsmanager,
    sns,
    sqs,
)
from local.resources.errors import UnknownKind
from local.resources.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.pulumi_type: kind
    for module in (
        cloudwatch,
        dynamodb,
        ecr,
        iam,
        image,
        kms,
        lambda_,
        logs,
        recorded,
        scheduler,
        secretsmanager,
        sns,
        sqs,
    )
    for kind in module.KINDS
}


def kind_of(token: str, name: str) -> Kind:
    """The kind with a type token.

    Raises:
        UnknownKind: there is none; the error names the token and the resource.
    """
    if token not in KINDS:
        raise UnknownKind(token, name)
    return KINDS[token]
