"""AWS clients, and AWS's errors as our own.

A message never pays for a failure of AWS: whatever DynamoDB, SNS, SQS, KMS or Secrets Manager
refuses is `AwsUnavailable`, which the circuit hears of.
"""

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.session import Session, get_session

from handlers.common.aws_models import Models
from handlers.common.errors import AwsRefused, AwsUnavailable

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient

# At DEBUG the SDK tells all that it sends and gets: the account in a dead letter, the bank's key.
logging.getLogger("botocore").setLevel(logging.INFO)

REGION = "us-east-2"
"""Where nothing says another one."""

USER_AGENT = f"utility-customer-system botocore/{botocore.__version__}"
"""Who calls, as CloudTrail shows it."""

CONNECT_TIMEOUT = 1
READ_TIMEOUT = 3
"""Seconds. A call inside the region answers in milliseconds; the queue is the patient retry."""

LONGEST_POLL = 5
"""Seconds that a receive of ours waits for a message."""

OUR_FAULT = {
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidMessageContents",
    "SerializationException",
    "ValidationError",
    "ValidationException",
}
"""Codes by which SNS, SQS and DynamoDB refuse the request as such.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and its like
"""


@cache
def _session() -> Session:
    """The SDK's own session. boto3 adds nothing that is used here, and 40 ms of cold start."""
    session = get_session()
    session.register_component("data_loader", Models())
    return session


@cache
def _client(service: str, read_timeout: float = READ_TIMEOUT, attempts: int = 2) -> Any:  # noqa: ANN401 - typed by the functions below
    """The one client of an AWS service in this process, made on first use.

    Args:
        service: AWS's name of it, e.g. "dynamodb".
        read_timeout: Seconds to wait for an answer.
        attempts: Tries in all; 1 where a repeat would do the work twice.
    """
    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=read_timeout,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        tcp_keepalive=True,
        # A third of the SDK's own CPU. The agent's name would be put together anew twice a request;
        # parameters are checked by their types before anything runs, and by AWS.
        user_agent=USER_AGENT,
        parameter_validation=False,
    )
    region = os.environ.get("AWS_REGION") or REGION
    return _session().create_client(service, region_name=region, config=config)


def dynamodb() -> "DynamoDBClient":
    """The tables."""
    return _client("dynamodb")


def sns() -> "SNSClient":
    """The topics."""
    return _client("sns")


def sqs() -> "SQSClient":
    """The queues. Its read timeout is above the longest of our polls."""
    return _client("sqs", LONGEST_POLL + READ_TIMEOUT)


def secrets() -> "SecretsManagerClient":
    """The bank's key."""
    return _client("secretsmanager")


def kms() -> "KMSClient":
    """The key of the ledger's fingerprints."""
    return _client("kms")


def cloudwatch() -> "CloudWatchClient":
    """The alarms."""
    return _client("cloudwatch")


def functions(read_timeout: float) -> "LambdaClient":
    """Functions and mappings; never repeats an invocation by itself.

    Args:
        read_timeout: Seconds; above the timeout of the function that is invoked.
    """
    return _client("lambda", read_timeout, 1)


@contextmanager
def aws_errors(doing: str, *expected: str) -> Generator[None]:
    """Turns AWS's failures into AwsUnavailable.

    Args:
        doing: What was tried, for the error's text.
        expected: Error codes that are an answer: those stay a ClientError for the caller.

    Raises:
        AwsUnavailable: With the error's code, without its text (it may quote the request).
        AwsRefused: The same, where the request itself is wrong.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in expected or _cancelled_by(error, expected):
            raise
        kind = AwsRefused if code in OUR_FAULT else AwsUnavailable
        raise kind(f"{doing} failed: {code}") from None
    except ParamValidationError as error:
        raise AwsRefused(f"{doing} failed: {type(error).__name__}") from None
    except BotoCoreError as error:
        raise AwsUnavailable(f"{doing} failed: {type(error).__name__}") from None


def _cancelled_by(error: ClientError, expected: tuple[str, ...]) -> bool:
    """A transaction is cancelled for several reasons at once; all must be expected ones.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    reasons = {
        reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])
    }
    names = {code.removesuffix("Exception") for code in expected}
    return bool(reasons - {"None"}) and reasons - {"None"} <= names
