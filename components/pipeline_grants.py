"""What the deployment pipeline may do to a stack: look at it, or make and change it.

The AWS provider reads what it made, so each kind of resource has its reads and its writes.
Everything is bounded by the stack's names; what AWS gives no resource for is listed apart.
"""

from collections.abc import Iterator, Mapping, Sequence

from components.grants import Conditions, Grant
from components.names import PROJECT, Names

READS: dict[str, tuple[str, ...]] = {
    "sqs": ("GetQueueAttributes", "GetQueueUrl", "ListQueueTags"),
    "sns": (
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
    ),
    "dynamodb": (
        "DescribeTable",
        "DescribeContinuousBackups",
        "DescribeTimeToLive",
        "GetResourcePolicy",
        "ListTagsOfResource",
    ),
    "lambda": (
        "GetFunction",
        "GetFunctionCodeSigningConfig",
        "GetFunctionEventInvokeConfig",
        "GetPolicy",
        "ListTags",
        "ListVersionsByFunction",
    ),
    "ecr": (
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "DescribeImages",
        "DescribeRepositories",
        "GetDownloadUrlForLayer",
        "GetLifecyclePolicy",
        "GetRepositoryPolicy",
        "ListTagsForResource",
    ),
    "iam": (
        "GetRole",
        "GetRolePolicy",
        "ListAttachedRolePolicies",
        "ListInstanceProfilesForRole",
        "ListRolePolicies",
    ),
    "logs": ("ListTagsForResource",),
    "cloudwatch": ("DescribeAlarms", "GetDashboard", "ListTagsForResource"),
    "scheduler": ("GetSchedule", "GetScheduleGroup", "ListTagsForResource"),
    "secretsmanager": ("DescribeSecret", "GetResourcePolicy"),
}

WRITES: dict[str, tuple[str, ...]] = {
    "sqs": ("CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"),
    "sns": (
        "CreateTopic",
        "DeleteTopic",
        "SetTopicAttributes",
        "Subscribe",
        "TagResource",
        "UntagResource",
    ),
    "dynamodb": (
        "CreateTable",
        "DeleteTable",
        "TagResource",
        "UntagResource",
        "UpdateContinuousBackups",
        "UpdateTable",
        "UpdateTimeToLive",
    ),
    "lambda": (
        "AddPermission",
        "CreateFunction",
        "DeleteFunction",
        "DeleteFunctionEventInvokeConfig",
        "PutFunctionEventInvokeConfig",
        "RemovePermission",
        "TagResource",
        "UntagResource",
        "UpdateFunctionCode",
        "UpdateFunctionConfiguration",
        "UpdateFunctionEventInvokeConfig",
    ),
    "ecr": (
        "CompleteLayerUpload",
        "CreateRepository",
        "DeleteLifecyclePolicy",
        "DeleteRepository",
        "DeleteRepositoryPolicy",
        "InitiateLayerUpload",
        "PutImage",
        "PutImageScanningConfiguration",
        "PutImageTagMutability",
        "PutLifecyclePolicy",
        "SetRepositoryPolicy",
        "TagResource",
        "UntagResource",
        "UploadLayerPart",
    ),
    "logs": (
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "PutRetentionPolicy",
        "TagResource",
        "UntagResource",
    ),
    "cloudwatch": (
        "DeleteAlarms",
        "DeleteDashboards",
        "PutDashboard",
        "PutMetricAlarm",
        "TagResource",
        "UntagResource",
    ),
    "scheduler": (
        "CreateSchedule",
        "CreateScheduleGroup",
        "DeleteSchedule",
        "DeleteScheduleGroup",
        "TagResource",
        "UntagResource",
        "UpdateSchedule",
    ),
    "secretsmanager": (
        "CreateSecret",
        "DeleteSecret",
        "TagResource",
        "UntagResource",
        "UpdateSecret",
    ),
}

BOUNDARY: dict[str, tuple[str, ...]] = {
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

ROLE_WRITES = (
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
BOUNDED_ROLE_WRITES = ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
"""Allowed only for roles under the boundary: else the pipeline could write itself any right."""

UNSCOPED_READS = (
    "kms:ListAliases",
    "logs:DescribeLogGroups",
    "logs:DescribeQueryDefinitions",
    "sns:GetSubscriptionAttributes",
    "xray:ListResourcePolicies",
    "sts:GetCallerIdentity",
    "ecr:GetAuthorizationToken",
)
"""AWS gives these no resource (Service Authorization Reference), as of DescribeLogGroups."""

UNSCOPED_WRITES = (
    "logs:DeleteQueryDefinition",
    "logs:PutQueryDefinition",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
    "xray:DeleteResourcePolicy",
    "xray:PutResourcePolicy",
)
"""The same: saved queries, subscriptions, and who may send traces."""

KEY_READS = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus")
KEY_WRITES = (
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
KEY_TAKERS = ("dynamodb", "ecr", "lambda")
KEY_TAKEN = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:RetireGrant",
)
"""These services take a key on behalf of whoever makes the table, the repository or the function.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
"""


def own(names: Names, *services: str) -> Conditions:
    """That a key is the stack's, and used by these services if any are named.

    Its id is AWS's own; its tags are ours.
    """
    via = [f"{service}.{names.region}.amazonaws.com" for service in services]
    return {
        "StringEquals": {
            **_tagged(names, "aws:ResourceTag"),
            **({"kms:ViaService": via} if via else {}),
        }
    }


def _tagged(names: Names, test: str) -> dict[str, str]:
    return {f"{test}/Project": PROJECT, f"{test}/Environment": names.stack}


def reading_grants(names: Names) -> tuple[Grant, ...]:
    """What a preview of a stack, or a look for drift, may do."""
    return (
        *_by_service(names, READS, why="The provider compares what is there"),
        *_reads(names),
        Grant(
            actions=("kms:Decrypt",),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, "lambda"),
            why="Without it AWS hides a function's variables, and each look finds them gone",
        ),
    )


def deploying_grants(names: Names, boundary: str) -> tuple[Grant, ...]:
    """What `pulumi up` of a stack may do.

    Args:
        names: The stack's.
        boundary: ARN of the policy that every role of the stack must be under.
    """
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    of_its_functions = {"ArnLike": {"lambda:FunctionArn": names.function_arn("*")}}
    roles = resources(names, "iam")
    return (
        *_by_service(names, READS, WRITES, why="Makes, changes and removes the stack's own"),
        *_reads(names),
        Grant(actions=UNSCOPED_WRITES, resources=("*",), why="AWS gives them no resource"),
        Grant(actions=ROLE_WRITES, resources=roles, why="The stack's roles"),
        Grant(
            actions=BOUNDED_ROLE_WRITES,
            resources=roles,
            conditions=bounded,
            why="No role of a stack may do more than the boundary",
        ),
        Grant(
            actions=("iam:PassRole",),
            resources=roles,
            conditions={
                "StringEquals": {
                    "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]
                }
            },
            why="Functions and the schedule take their roles on",
        ),
        Grant(
            actions=("lambda:CreateEventSourceMapping",),
            resources=("*",),
            conditions=of_its_functions,
            why="A new mapping has no id yet",
        ),
        Grant(
            actions=("lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            conditions=of_its_functions,
            why="Mappings of the stack's functions",
        ),
        Grant(
            actions=("lambda:TagResource", "lambda:UntagResource"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            why="Their tags, which are given with the making",
        ),
        Grant(
            actions=("kms:CreateKey",),
            resources=("*",),
            conditions={"StringEquals": _tagged(names, "aws:RequestTag")},
            why="A new key has no id yet",
        ),
        Grant(
            actions=("kms:TagResource",),
            resources=(names.arn("kms", "key/*"),),
            conditions={
                "StringEquals": _tagged(names, "aws:RequestTag"),
                "StringEqualsIfExists": _tagged(names, "aws:ResourceTag"),
            },
            why="A new key has no tag yet, and one of another project keeps its own",
        ),
        Grant(
            actions=KEY_TAKEN,
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, *KEY_TAKERS),
            why="Tables, repositories and functions are encrypted with the stack's key",
        ),
        Grant(
            actions=KEY_WRITES,
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names),
            why="The stack's keys",
        ),
        Grant(
            actions=("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
            resources=tuple(
                names.arn("kms", alias) for alias in (names.key_alias, names.fingerprint_alias)
            ),
            why="The keys' names",
        ),
        *smoke_grants(names),
    )


def _by_service(names: Names, *tables: Mapping[str, Sequence[str]], why: str) -> Iterator[Grant]:
    """One grant for each AWS service: a role's inline policies have 10,240 characters in all."""
    for service in READS:
        actions = (f"{service}:{each}" for table in tables for each in table.get(service, ()))
        yield Grant(actions=tuple(actions), resources=resources(names, service), why=why)


def _reads(names: Names) -> tuple[Grant, ...]:
    return (
        Grant(
            actions=("lambda:GetEventSourceMapping", "lambda:ListTags"),
            resources=(names.arn("lambda", "event-source-mapping:*"),),
            why="The same; a mapping's id is AWS's own",
        ),
        Grant(
            actions=(*KEY_READS, "kms:ListResourceTags"),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names),
            why="The same; a key's id is AWS's own",
        ),
        Grant(actions=UNSCOPED_READS, resources=("*",), why="AWS gives them no resource"),
    )


def smoke_grants(names: Names) -> tuple[Grant, ...]:
    """What `make smoke` does after a deployment: send transactions and look for their ends."""
    return (
        Grant(
            actions=("sns:Publish",),
            resources=(names.topic_arn(names.transaction_topic),),
            why="The smoke test's transactions",
        ),
        Grant(
            actions=("dynamodb:GetItem",),
            resources=(names.table_arn(names.ledger_table),),
            why="Their ends",
        ),
        Grant(
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(names.arn("kms", "key/*"),),
            conditions=own(names, "dynamodb", "sns"),
            why="Topic and ledger are encrypted",
        ),
    )


def state_grants(stack: str, bucket: str, key: str, *, writes: bool) -> tuple[Grant, ...]:
    """A stack's own state in a bucket, and no other stack's.

    The engine keeps state, history, backups and locks in one folder each, all by project and
    stack (pulumi/pkg, backend/diy/store.go).

    Args:
        stack: Its name.
        bucket: Name of the bucket.
        key: ARN of the key that bucket and secrets are encrypted with.
        writes: Whether the stack is changed; a preview takes no lock.
    """
    own_state = f"arn:aws:s3:::{bucket}/.pulumi/*/{PROJECT}/{stack}"
    changes = ("s3:DeleteObject", "s3:PutObject") if writes else ()
    encrypts = ("kms:Encrypt", "kms:GenerateDataKey") if writes else ()
    return (
        Grant(
            actions=("s3:GetObject", *changes),
            resources=(f"{own_state}.*", f"{own_state}/*"),
            why="The stack's state",
        ),
        Grant(
            actions=("s3:GetObject",),
            resources=(f"arn:aws:s3:::{bucket}/.pulumi/meta.yaml",),
            why="How the bucket is laid out",
        ),
        Grant(actions=("s3:ListBucket",), resources=(f"arn:aws:s3:::{bucket}",), why="The same"),
        Grant(actions=("kms:Decrypt", *encrypts), resources=(key,), why="The state is encrypted"),
    )


def boundary_grants(names: Names) -> tuple[Grant, ...]:
    """The most that a role of any stack may do: the data planes that the services work with.

    A boundary grants nothing by itself; it keeps the pipeline from writing a role more.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    return tuple(
        Grant(
            actions=tuple(f"{service}:{action}" for action in actions),
            resources=("*",) if service in ("cloudwatch", "kms", "xray") else bounds,
            why="No role of ours works with anything else",
        )
        for service, actions in BOUNDARY.items()
        for bounds in (_bounds(names, service),)
    )


def _bounds(names: Names, service: str) -> tuple[str, ...]:
    if service == "lambda":
        return (*resources(names, service), names.arn("lambda", "event-source-mapping:*"))
    if service == "dynamodb":
        return (*resources(names, service), names.table_arn(f"{names.prefix}-*/index/*"))
    if service == "logs":
        return (names.arn("logs", f"log-group:{names.log_group('*')}:*"),)
    return () if service in ("cloudwatch", "kms", "xray") else resources(names, service)


def resources(names: Names, service: str) -> tuple[str, ...]:
    """The ARNs that a stack's resources of an AWS service have."""
    own = f"{names.prefix}-*"
    dashboard = names.arn("cloudwatch", f"dashboard/{names.prefix}", regional=False)
    by_service = {
        "sqs": (names.arn("sqs", own),),
        "sns": (names.arn("sns", own),),
        "dynamodb": (names.table_arn(own),),
        "lambda": (names.function_arn("*"),),
        "ecr": (names.arn("ecr", f"repository/{own}"),),
        "iam": (names.role_arn("*"),),
        "logs": (names.arn("logs", f"log-group:{names.log_group('*')}"),),
        "cloudwatch": (names.alarm_arn(own), dashboard),
        "scheduler": (
            names.arn("scheduler", f"schedule-group/{names.prefix}"),
            names.arn("scheduler", f"schedule/{names.prefix}/*"),
        ),
        "secretsmanager": (names.arn("secretsmanager", f"secret:{own}"),),
    }
    return by_service[service]
