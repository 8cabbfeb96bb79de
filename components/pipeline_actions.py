"""What Pulumi's AWS provider asks of AWS, by service.

It reads what it has made, so each kind of resource has its reads and its writes. What AWS gives no
resource for is listed apart.
"""

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

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
"""
