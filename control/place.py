"""Where a stack is: clients for its account, under the operator's role where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from control.errors import ControlError, UsageError

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient

ROOT = Path(__file__).parent.parent
PROJECT = "utility-customer-system"
LOCAL = "local"
REGION = "us-east-2"
STATE = "system.json"
CALLS = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "max_attempts": 4})
NO_ROLE = frozenset({"AccessDenied", "AccessDeniedException", "NoSuchEntity", "ValidationError"})
"""What STS answers where the role does not exist or is not for this caller."""


class LocalState(msgspec.Struct, frozen=True):
    """What is used of the file that a local system in the background writes down."""

    endpoint: str
    ca_bundle: str
    region: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """One stack as an operator reaches it.

    Attributes:
        caller: Who gives the commands, as the history of a circuit shows it.
        role: The role that the calls are made under; None for the caller's own rights.
    """

    stack: str
    account: str
    region: str
    caller: str
    role: str | None
    session: boto3.Session
    options: Mapping[str, Any]

    def name(self, what: str) -> str:
        """The name in AWS of something of this stack."""
        return f"{PROJECT}-{self.stack}-{what}"

    @property
    def control_topic(self) -> str:
        """The ARN of the topic for commands."""
        return f"arn:aws:sns:{self.region}:{self.account}:{self.name('subscription-control')}"

    @cached_property
    def sns(self) -> "SNSClient":
        """For commands."""
        return self.session.client("sns", **self.options)

    @cached_property
    def sqs(self) -> "SQSClient":
        """For depths."""
        return self.session.client("sqs", **self.options)

    @cached_property
    def tables(self) -> "DynamoDBClient":
        """For circuits and their histories."""
        return self.session.client("dynamodb", **self.options)

    @cached_property
    def functions(self) -> "LambdaClient":
        """For the manager's list of services, and for mappings."""
        return self.session.client("lambda", **self.options)

    @cached_property
    def metrics(self) -> "CloudWatchClient":
        """For ages and alarms."""
        return self.session.client("cloudwatch", **self.options)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """For journeys."""
        return self.session.client("logs", **self.options)


def reach(
    stack: str, *, directory: Path, region: str | None = None, take_role: bool = True
) -> Place:
    """The stack with this name, in the account of the caller's credentials.

    The local stack is only ever looked for on this machine: its commands must not reach AWS
    because nothing runs here.

    Args:
        stack: local, dev, staging, prod.
        directory: Where `make up` keeps the local system's files.
        region: Of the stack; the environment's, or us-east-2, if None.
        take_role: Whether to take on the operator's role of the stack.

    Raises:
        UsageError: The project has no such stack.
        ControlError: No local system runs or answers, or there are no credentials.
    """
    stacks = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
    if stack not in stacks:
        raise UsageError(f"there is no stack {stack!r}: the project has {', '.join(stacks)}")
    options: dict[str, Any] = {"config": CALLS}
    if stack == LOCAL:
        state = _local_state(directory)
        session = boto3.Session("test", "test", region_name=state.region)
        options |= {"endpoint_url": state.endpoint, "verify": state.ca_bundle}
    else:
        session = boto3.Session(region_name=region or boto3.Session().region_name or REGION)
    sts = session.client("sts", **options)
    try:
        identity = sts.get_caller_identity()
    except NoCredentialsError:
        raise ControlError(
            f"the stack {stack} is in AWS, and there are no credentials; "
            f"the system on this machine is the stack {LOCAL}"
        ) from None
    except BotoCoreError as error:
        if stack != LOCAL:
            raise
        raise ControlError(
            f"the local system is gone: {error}; `make up` starts a new one"
        ) from None
    account, caller = identity["Account"], identity["Arn"].rpartition(":")[2]
    place = Place(
        stack=stack,
        account=account,
        region=session.region_name or REGION,
        caller=caller,
        role=None,
        session=session,
        options=options,
    )
    return _under_role(place) if take_role else place


def _under_role(place: Place) -> Place:
    """The same place under the operator's role, or as it was where the role is not to be had."""
    role = place.name("operator")
    try:
        given = place.session.client("sts", **place.options).assume_role(
            RoleArn=f"arn:aws:iam::{place.account}:role/{role}",
            # The history and CloudTrail then name the person, not only the role.
            RoleSessionName="".join(c if c.isalnum() else "-" for c in place.caller)[-64:],
        )["Credentials"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in NO_ROLE:
            return place
        raise
    core = botocore.session.Session()
    core.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    session = boto3.Session(botocore_session=core, region_name=place.region)
    return Place(
        stack=place.stack,
        account=place.account,
        region=place.region,
        caller=place.caller,
        role=role,
        session=session,
        options=place.options,
    )


def _local_state(directory: Path) -> LocalState:
    path = directory / STATE
    try:
        return msgspec.json.decode(path.read_bytes(), type=LocalState)
    except (FileNotFoundError, NotADirectoryError):
        raise ControlError("no local system is running; `make up` starts one") from None
    except msgspec.DecodeError as error:
        raise ControlError(
            f"{path} cannot be read ({error}); `make down`, then `make up`"
        ) from None
