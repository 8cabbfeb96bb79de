"""Actions, alone and together, by which an identity becomes more than it is.

Sources: Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation"; the lists of
Salesforce's cloudsplaining, which checkov uses.
"""

from collections.abc import Mapping
from typing import Final

PRIVILEGE_ESCALATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "new policy version": ("iam:CreatePolicyVersion",),
    "older policy version": ("iam:SetDefaultPolicyVersion",),
    "access key of another": ("iam:CreateAccessKey",),
    "password of another": ("iam:CreateLoginProfile",),
    "changed password of another": ("iam:UpdateLoginProfile",),
    "policy on a user": ("iam:AttachUserPolicy",),
    "policy on a group": ("iam:AttachGroupPolicy",),
    "policy on a role": ("iam:AttachRolePolicy",),
    "inline policy on a user": ("iam:PutUserPolicy",),
    "inline policy on a group": ("iam:PutGroupPolicy",),
    "inline policy on a role": ("iam:PutRolePolicy",),
    "member of a group": ("iam:AddUserToGroup",),
    "changed trust": ("iam:UpdateAssumeRolePolicy",),
    "function with a role": ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
    "function with a role and a trigger": (
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
    ),
    "function with a role, opened": (
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:AddPermission",
    ),
    "changed code of a function": ("lambda:UpdateFunctionCode",),
    "changed layers of a function": ("lambda:UpdateFunctionConfiguration",),
    "stack with a role": ("iam:PassRole", "cloudformation:CreateStack"),
    "schedule with a role": ("iam:PassRole", "scheduler:CreateSchedule"),
    "state machine with a role": ("iam:PassRole", "states:CreateStateMachine"),
}
"""What an identity gains, and the actions that it needs all of."""

CREDENTIALS_EXPOSURE: Final = (
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "lambda:GetFunction",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
)
"""Actions that answer with credentials, or with code that may hold some."""

DATA_READS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartQuery",
    "s3:GetObject",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
)
"""Actions that answer with the data of customers or with secrets."""
