"""Whether a resource of a policy can be one that an action works on, by AWS's own list."""

import pytest

from policy.iam.database import expand, fits

LONG = "k" * 1024
"""As long as the name of an object in S3 may be."""


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:SendMessage", "*"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-2:123456789012:orders"),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:orders-*"),
        ("sqs:SendMessage", "arn:*"),
        ("sqs:SendMessage", "arn:aws:s?s:us-east-2:123456789012:orders"),
        ("s3:GetObject", f"arn:aws:s3:::bucket/{LONG}"),
        ("dynamodb:Query", "arn:aws:dynamodb:us-east-2:123456789012:table/a/index/*"),
    ],
)
def test_a_resource_of_the_actions_kind_fits(action: str, resource: str) -> None:
    assert fits(expand(action)[0], resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:SendMessage", "arn:aws:sns:us-east-2:123456789012:orders"),
        ("sqs:SendMessage", "arn:aws:sqs"),
        ("sqs:SendMessage", ""),
        ("s3:GetObject", "arn:aws:s3:::bucket"),
        ("s3:ListBucket", "arn:aws:sqs:::bucket"),
        ("sqs:ListQueues", "arn:aws:sqs:us-east-2:123456789012:orders"),
    ],
)
def test_a_resource_of_another_kind_does_not(action: str, resource: str) -> None:
    assert not fits(expand(action)[0], resource)
