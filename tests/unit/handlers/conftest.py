from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from handlers.common import aws


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """moto in the place of AWS, for a process that has no client yet."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    aws._client.cache_clear()  # pyright: ignore[reportPrivateUsage] - a fresh process
    with mock_aws():
        yield
    aws._client.cache_clear()  # pyright: ignore[reportPrivateUsage] - leaves none behind


@pytest.fixture
def dynamodb(pretended: None) -> Any:  # noqa: ANN401 - plain dictionaries go in and out
    del pretended
    return boto3.client("dynamodb", region_name="us-east-2")
