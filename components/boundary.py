"""The permissions boundary: the most that a role of a stack may do, and that every role has it."""

import pulumi
import pulumi_aws as aws

from components.grants import Grant
from components.names import PROJECT, Names

BOUNDARY = f"{PROJECT}-boundary"
"""A managed policy that the bootstrap program makes, once for each account."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "sqs": (
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ReceiveMessage",
        "SendMessage",
    ),
    "sns": ("Publish",),
    "dynamodb": (
        "DescribeTable",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    ),
    "lambda": (
        "GetEventSourceMapping",
        "GetFunctionConfiguration",
        "InvokeFunction",
        "UpdateEventSourceMapping",
    ),
    "logs": (
        "CreateLogStream",
        "FilterLogEvents",
        "PutLogEvents",
    ),
    "secretsmanager": ("GetSecretValue",),
    "cloudwatch": ("DescribeAlarms", "GetMetricData"),
    "kms": ("Decrypt", "GenerateDataKey", "GenerateMac"),
    "xray": ("PutTelemetryRecords", "PutTraceSegments"),
}
UNNAMED = ("cloudwatch", "kms", "xray")
"""Their actions know no resource, or one whose id is AWS's own."""


def boundary_arn(account: str) -> str:
    """The ARN of the account's boundary."""
    return f"arn:aws:iam::{account}:policy/{BOUNDARY}"


def boundary_grants(names: Names) -> tuple[Grant, ...]:
    """The most that a role of any stack may do: the data planes that the services work with.

    A boundary grants nothing by itself; it keeps the pipeline from writing a role more.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    return tuple(
        Grant(
            actions=tuple(f"{service}:{action}" for action in actions),
            resources=_bounds(names, service),
            why="No role of ours works with anything else",
        )
        for service, actions in ACTIONS.items()
    )


def _bounds(names: Names, service: str) -> tuple[str, ...]:
    if service in UNNAMED:
        return ("*",)
    if service == "lambda":
        return (*names.every(service), names.arn("lambda", "event-source-mapping:*"))
    if service == "dynamodb":
        return (*names.every(service), names.table_arn(f"{names.prefix}-*/index/*"))
    if service == "logs":
        return (names.arn("logs", f"log-group:{names.log_group('*')}:*"),)
    return names.every(service)


def bound_every_role(account: str) -> None:
    """Put every role that is made from here on under the boundary.

    The pipeline's roles may make no other: else a changed program could grant itself anything.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    def transformation(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if not isinstance(args.resource, aws.iam.Role):
            return None
        props = {**(args.props or {}), "permissions_boundary": boundary_arn(account)}
        return pulumi.ResourceTransformationResult(props, args.opts)

    pulumi.runtime.register_stack_transformation(transformation)
