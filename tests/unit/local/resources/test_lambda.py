from typing import Any

import boto3

from local.resources.clients import Clients
from local.resources.lambda_ import Function


class Told(Clients):
    """AWS that is done at once, and the calls that change something."""

    def __init__(self) -> None:
        super().__init__(
            boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-2")
        )
        self.changes: list[str] = []

    def call(self, service: str, operation: str, **parameters: object) -> dict[str, Any]:
        if operation.startswith("Update"):
            self.changes.append(operation)
        return {"FunctionArn": f"arn:{service}:{parameters['FunctionName']}", "State": "Active"}


def test_a_function_gets_its_variables_before_its_image_as_from_aws_own_provider() -> None:
    old = {"name": "f", "imageUri": "old", "environment": {"variables": {"A": "1"}}}
    new = {"name": "f", "imageUri": "new", "environment": {"variables": {"A": "2"}}}
    aws = Told()

    Function().update(aws, "f", old, new)

    assert aws.changes == ["UpdateFunctionConfiguration", "UpdateFunctionCode"]
