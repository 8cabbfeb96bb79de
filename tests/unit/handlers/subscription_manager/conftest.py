from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    made: dict[str, Any] = {}
    for service in ("lambda", "cloudwatch", "sns"):
        client: Any = boto3.client(service, region_name="us-east-2")  # pyright: ignore[reportUnknownMemberType, reportArgumentType, reportCallIssue] - one of three services
        made[service] = (client, Stubber(client))
        made[service][1].activate()
    yield made
    for _, stub in made.values():
        stub.assert_no_pending_responses()
