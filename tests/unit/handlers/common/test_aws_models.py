"""The SDK's models, read our way and its own: the same content."""

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from handlers.common.aws_models import Models

OURS = ("cloudwatch", "dynamodb", "lambda", "secretsmanager", "sns", "sqs")
MODELS = ("service-2", "endpoint-rule-set-1", "paginators-1")


@pytest.mark.parametrize("service", OURS)
def test_a_model_is_what_the_sdk_itself_reads(service: str) -> None:
    for model in MODELS:
        own = Loader().load_service_model(service, model)
        read = Models().load_service_model(service, model)
        assert read == own
        # A request's members are written in the model's order.
        assert list(read) == list(own)


def test_what_every_client_needs_is_read_too() -> None:
    for name in ("endpoints", "partitions", "_retry", "sdk-default-configuration"):
        assert Models().load_data(name) == Loader().load_data(name)


def test_a_service_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownServiceError):
        Models().load_service_model("no-such-service", "service-2")
