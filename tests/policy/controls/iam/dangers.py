"""What a role could make of its rights."""

from typing import Any

from tests.policy.cases import Case, allows, may
from tests.policy.controls.iam.policies import (
    MANAGED,
    OPEN,
    QUEUE,
    ROLE_POLICY,
    identity,
    managed,
    ways,
)
from tests.policy.sound.edits import Edit, both
from tests.policy.sound.parts import arn


def passes(roles: str = "*", *, to: str) -> dict[str, Any]:
    return may("iam:PassRole", roles, StringEquals={"iam:PassedToService": to})


def makes_functions(passing: dict[str, Any]) -> Edit:
    making = (may("lambda:CreateFunction"), may("lambda:InvokeFunction"))
    return allows("role-policy", passing, *making)


ALL_KEYS = arn("kms", "key/*")

CASES = (
    Case(
        "iam-privilege-escalation",
        ways(MANAGED),
        base=(
            managed("more", may("lambda:InvokeFunction")),
            ROLE_POLICY,
            allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
        ),
    ),
    identity(
        "iam-permissions-management",
        may("iam:PutRolePolicy", arn("iam", "role/x")),
        may(
            "iam:PutRolePolicy",
            arn("iam", "role/x"),
            StringLike={"iam:PermissionsBoundary": arn("iam", "policy/*")},
        ),
        good=(
            may(
                "iam:PutRolePolicy",
                arn("iam", "role/x"),
                StringEquals={"iam:PermissionsBoundary": arn("iam", "policy/most")},
            ),
        ),
    ),
    identity(
        "iam-credentials-exposure",
        may("sts:AssumeRole"),
        good=(may("sts:AssumeRole", arn("iam", "role/x")),),
    ),
    identity(
        "iam-data-exfiltration",
        may("secretsmanager:GetSecretValue"),
        may("s3:GetObject", "*"),
        may("s3:GetObject", "arn:aws:s3:::*/*"),
        may("dynamodb:Query", arn("dynamodb", "table/*/index/*")),
        may("logs:GetLogEvents", arn("logs", "log-group:*:*")),
        good=(
            may("sqs:ReceiveMessage", QUEUE),
            may("s3:GetObject", "arn:aws:s3:::uploads/*"),
            may("dynamodb:Query", arn("dynamodb", "table/orders/index/*")),
            may("logs:GetLogEvents", arn("logs", "log-group:orders:*")),
        ),
    ),
    identity(
        "iam-pass-role",
        may("iam:PassRole"),
        may("iam:PassRole", arn("iam", "role/x")),
        may(
            "iam:PassRole",
            arn("iam", "role/x"),
            StringLike={"iam:PassedToService": "*.amazonaws.com"},
        ),
        may(
            "iam:PassRole",
            arn("iam", "role/**"),
            StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
        ),
        good=(
            may(
                "iam:PassRole",
                arn("iam", "role/x"),
                StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
            ),
        ),
    ),
    identity(
        "iam-decrypt-named-keys",
        may("kms:Decrypt", ALL_KEYS),
        good=(
            may("kms:Decrypt", ALL_KEYS, StringEquals={"kms:ResourceAliases": "alias/x"}),
            may("kms:Decrypt", arn("kms", "key/1234")),
        ),
    ),
    identity(
        "iam-key-via-service",
        may("kms:Decrypt", arn("kms", "key/1")),
        may(
            "kms:Decrypt",
            arn("kms", "key/1"),
            **{"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "aws:sqs:arn"}},
        ),
        may("kms:ReEncryptTo", arn("kms", "key/1")),
        may("kms:GenerateDataKeyWithoutPlaintext", arn("kms", "key/1")),
        may("kms:GenerateDataKeyPair*", arn("kms", "key/1")),
        good=(
            may("kms:GenerateMac", arn("kms", "key/1")),
            may(
                "kms:Decrypt",
                arn("kms", "key/1"),
                StringEquals={"kms:ViaService": "sqs.x.amazonaws.com"},
            ),
            may(
                "kms:Decrypt",
                arn("kms", "key/1"),
                StringLike={"kms:ViaService": "sqs.*.amazonaws.com"},
            ),
        ),
    ),
    Case(
        "iam-privilege-escalation",
        (
            allows("role-policy", may("iam:CreatePolicyVersion")),
            allows(
                "role-policy",
                may("iam:PassRole"),
                may("lambda:CreateFunction"),
                may("lambda:InvokeFunction"),
            ),
            both(
                allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
                allows("pay-grants", may("lambda:InvokeFunction")),
            ),
            makes_functions(passes(to="lambda.amazonaws.com")),
            makes_functions(may("iam:PassRole", arn("iam", "role/deployed-*"))),
        ),
        OPEN,
        (
            makes_functions(passes(arn("iam", "role/deployed-*"), to="lambda.amazonaws.com")),
            makes_functions(passes(to="states.amazonaws.com")),
            allows("role-policy", may("iam:PassRole"), may("lambda:GetFunction")),
            both(
                allows("role-policy", may("iam:PassRole"), may("lambda:CreateFunction")),
                allows("clock-grants", may("lambda:InvokeFunction")),
            ),
        ),
        base=(ROLE_POLICY,),
    ),
    Case(
        "iam-read-and-send-out",
        (
            allows(
                "role-policy",
                may("sqs:ReceiveMessage", QUEUE),
                may("sns:Publish", "arn:aws:sns:us-east-2:999999999999:x"),
            ),
            allows("role-policy", may("sns:Publish", "arn:aws:sns:us-east-2:999999999999:x")),
        ),
        OPEN,
        (
            allows(
                "role-policy", may("sqs:ReceiveMessage", QUEUE), may("sns:Publish", arn("sns", "x"))
            ),
        ),
        base=(ROLE_POLICY,),
    ),
)
