"""The permissions boundary: the most that a role of a stack may do, and that every role has it.

It is a managed policy that the bootstrap program makes, one for each stack of an account.
"""

import pulumi
import pulumi_aws as aws

from components.encryption import known_as
from components.grants import Conditions, Grant
from components.names import Names

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
    "lambda": ("GetFunctionConfiguration", "InvokeFunction"),
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
MAPPING_ACTIONS = ("lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping")
UNNAMED = ("cloudwatch", "xray")
"""Most of their actions know no resource."""


def boundary_arn(names: Names) -> str:
    """The ARN of the stack's boundary."""
    return names.arn("iam", f"policy/{names.boundary}", regional=False)


def boundary_grants(names: Names) -> tuple[Grant, ...]:
    """The most that a role of the stack may do: the data planes that the services work with.

    A boundary grants nothing by itself; it keeps the pipeline from writing a role more, on another
    stack of the account least of all.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    return (
        *(
            Grant(
                actions=tuple(f"{service}:{action}" for action in actions),
                resources=_bounds(names, service),
                conditions=_conditions(names, service),
                why="No role of the stack works with anything else",
            )
            for service, actions in ACTIONS.items()
        ),
        Grant(
            actions=MAPPING_ACTIONS,
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            conditions={"ArnLike": {"lambda:FunctionArn": names.function_arn("*")}},
            why="The same; a mapping's id is AWS's own",
        ),
    )


def _bounds(names: Names, service: str) -> tuple[str, ...]:
    if service in UNNAMED:
        return ("*",)
    if service == "kms":
        return (names.arn("kms", "key/*"),)
    if service == "dynamodb":
        return (*names.every(service), names.table_arn(f"{names.prefix}-*/index/*"))
    if service == "logs":
        return (names.arn("logs", f"log-group:{names.log_group('*')}:*"),)
    return names.every(service)


def _conditions(names: Names, service: str) -> Conditions:
    return known_as((names.key_alias, names.fingerprint_alias)) if service == "kms" else {}


def bound_every_role(names: Names) -> None:
    """Put every role that is made from here on under the stack's boundary.

    The pipeline's roles may make no other: else a changed program could grant itself anything.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    def transformation(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if not isinstance(args.resource, aws.iam.Role):
            return None
        props = {**(args.props or {}), "permissions_boundary": boundary_arn(names)}
        return pulumi.ResourceTransformationResult(props, args.opts)

    pulumi.runtime.register_stack_transformation(transformation)
