"""A key, and what is kept under it."""

import json

import pulumi
import pulumi_aws as aws

from tests.integration.local.resources.project.documents import Place, document


def make_key(place: Place, parent: pulumi.Resource) -> tuple[aws.kms.Key, aws.kms.Alias]:
    child = pulumi.ResourceOptions(parent=parent)
    owner = {
        "Effect": "Allow",
        "Action": "kms:*",
        "Resource": "*",
        "Principal": {"AWS": f"arn:aws:iam::{place.account}:root"},
    }
    key = aws.kms.Key(
        "key",
        description="everything",
        enable_key_rotation=True,
        deletion_window_in_days=7,
        policy=json.dumps({"Version": "2012-10-17", "Statement": [owner]}),
        opts=child,
    )
    alias = aws.kms.Alias("alias", name="alias/everything", target_key_id=key.key_id, opts=child)
    return key, alias


def make_table(place: Place, key: aws.kms.Key) -> None:
    table = aws.dynamodb.Table(
        "table",
        name="table",
        billing_mode="PAY_PER_REQUEST",
        hash_key="id",
        attributes=[
            {"name": "id", "type": "S"},
            {"name": "group", "type": "S"},
            {"name": "at", "type": "N"},
        ],
        global_secondary_indexes=[
            {"name": "by_group", "hash_key": "group", "range_key": "at", "projection_type": "ALL"}
        ],
        ttl={"attribute_name": "expires_at", "enabled": True},
        point_in_time_recovery={"enabled": True},
        server_side_encryption={"enabled": True, "kms_key_arn": key.arn},
        deletion_protection_enabled=False,
    )
    aws.dynamodb.ResourcePolicy(
        "table-policy",
        resource_arn=table.arn,
        policy=document(
            "dynamodb:GetItem", place.arn("dynamodb", "table/table"), "lambda.amazonaws.com"
        ),
    )


def make_secret(key: aws.kms.Key) -> None:
    secret = aws.secretsmanager.Secret(
        "secret", name="bank", kms_key_id=key.arn, recovery_window_in_days=0
    )
    aws.secretsmanager.SecretPolicy(
        "secret-policy",
        secret_arn=secret.arn,
        policy=document("secretsmanager:GetSecretValue", "*", "lambda.amazonaws.com"),
    )
