import pytest
from botocore.exceptions import (
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from handlers.common import aws
from handlers.common.aws import aws_errors
from handlers.common.errors import AwsRefused, AwsUnavailable


def refusal(code: str, **more: object) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "quotes 98765432"}, **more}, "Op")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("AccessDeniedException"),
        refusal("KMSDisabledException"),
        refusal("InternalServerError"),
        ReadTimeoutError(endpoint_url="https://sqs"),
        NoCredentialsError(),
    ],
)
def test_what_aws_fails_at_is_unavailable_and_quotes_nothing(error: Exception) -> None:
    with pytest.raises(AwsUnavailable) as failing, aws_errors("doing it"):
        raise error
    assert not isinstance(failing.value, AwsRefused)
    assert "98765432" not in str(failing.value)
    assert failing.value.__suppress_context__


@pytest.mark.parametrize(
    "error", [refusal("ValidationException"), ParamValidationError(report="quotes 98765432")]
)
def test_a_request_that_is_wrong_is_refused(error: Exception) -> None:
    with pytest.raises(AwsRefused) as failing, aws_errors("doing it"):
        raise error
    assert "98765432" not in str(failing.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("ConditionalCheckFailedException"), True),
        (refusal("ProvisionedThroughputExceededException"), False),
        (
            refusal(
                "TransactionCanceledException",
                CancellationReasons=[{"Code": "None"}, {"Code": "ConditionalCheckFailed"}],
            ),
            True,
        ),
        (
            refusal(
                "TransactionCanceledException",
                CancellationReasons=[
                    {"Code": "ThrottlingError"},
                    {"Code": "ConditionalCheckFailed"},
                ],
            ),
            False,
        ),
    ],
)
def test_an_answer_that_is_expected_stays_what_it_is(error: ClientError, *, expected: bool) -> None:
    kind = ClientError if expected else AwsUnavailable
    with pytest.raises(kind), aws_errors("writing", "ConditionalCheckFailedException"):
        raise error


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), aws_errors("doing it"):
        raise ZeroDivisionError


@pytest.mark.parametrize(("region", "used"), [("eu-west-1", "eu-west-1"), (None, "us-east-2")])
def test_a_client_is_made_once_for_the_functions_region(
    monkeypatch: pytest.MonkeyPatch, region: str | None, used: str
) -> None:
    aws._client.cache_clear()  # pyright: ignore[reportPrivateUsage] - a fresh process
    if region is None:
        monkeypatch.delenv("AWS_REGION", raising=False)
    else:
        monkeypatch.setenv("AWS_REGION", region)
    assert aws.sns() is aws.sns()
    assert aws.sns().meta.region_name == used
    aws._client.cache_clear()  # pyright: ignore[reportPrivateUsage] - leaves none behind


def test_an_invocation_is_never_repeated_by_itself() -> None:
    config = aws.functions(7).meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}  # pyright: ignore[reportAttributeAccessIssue] - the stubs lack it
    assert config.read_timeout == 7  # pyright: ignore[reportAttributeAccessIssue] - the stubs lack it
