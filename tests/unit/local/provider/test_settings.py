import json

import pytest

from local.provider.settings import NOWHERE, ProviderSettingsError, read_settings

HERE = "https://127.0.0.1:4566"


def test_endpoints_are_read_as_the_real_provider_has_them() -> None:
    arguments = {"endpoints": json.dumps([{"sqs": HERE, "sns": HERE}]), "region": "eu-west-1"}
    settings = read_settings(arguments, {})
    assert settings.endpoints == {"sqs": HERE, "sns": HERE}
    assert settings.region == "eu-west-1"
    assert settings.applies


def test_without_an_endpoint_nothing_can_be_applied() -> None:
    assert not read_settings({}, {}).applies


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ({"endpoints": '[{"sqs": "https://sqs.us-east-2.amazonaws.com"}]'}, {}),
        ({}, {"AWS_ENDPOINT_URL": "https://aws.example.com"}),
        ({}, {"AWS_ENDPOINT_URL": "127.0.0.1:4566"}),
        ({}, {"AWS_ENDPOINT_URL_ECR": "https://ecr.us-east-2.amazonaws.com"}),
    ],
)
def test_an_address_elsewhere_is_refused(
    arguments: dict[str, str], environment: dict[str, str]
) -> None:
    with pytest.raises(ProviderSettingsError, match="this machine alone"):
        read_settings(arguments, environment)


def test_default_tags_are_read() -> None:
    settings = read_settings({"defaultTags": '{"tags": {"Project": "shop"}}'}, {})
    assert settings.default_tags == {"Project": "shop"}


def test_the_allowed_account_is_the_one_that_a_preview_is_for() -> None:
    assert read_settings({"allowedAccountIds": '["111122223333"]'}, {}).account == "111122223333"


def test_a_service_without_an_address_is_nowhere_and_never_at_aws() -> None:
    some = read_settings({"endpoints": json.dumps([{"sqs": HERE}])}, {})
    assert some.otherwise == NOWHERE
    assert read_settings({}, {"AWS_ENDPOINT_URL": HERE}).otherwise == HERE


def test_dockers_provider_finds_the_registry_by_a_variable() -> None:
    assert read_settings({}, {"AWS_ENDPOINT_URL_ECR": HERE}).endpoints == {"ecr": HERE}
