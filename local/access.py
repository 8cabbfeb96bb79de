"""Reach a running local system: clients of its embedded AWS, its names, its bank."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from local.bank.client import Bank
from local.emulator import Emulator

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient


class Outputs(msgspec.Struct, frozen=True, kw_only=True):
    """The outputs of the stack that the local system uses."""

    transaction_topic_arn: str
    control_topic_arn: str
    outcomes_topic_arn: str
    queue_urls: dict[str, str]
    dead_letter_queue_urls: dict[str, str]
    unrouted_queue_url: str
    function_names: dict[str, str]
    ledger_table: str
    circuit_table: str
    bank_secret: str

    @property
    def services(self) -> list[str]:
        """The services that work transactions."""
        return sorted(self.queue_urls)


@dataclass(frozen=True)
class Access:
    """Clients as root of the embedded account, made once and shared between threads."""

    emulator: Emulator
    outputs: Outputs
    bank: Bank

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues."""
        return self.emulator.session().client("sqs")

    @cached_property
    def sns(self) -> "SNSClient":
        """Topics."""
        return self.emulator.session().client("sns")

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """Ledger and circuits."""
        return self.emulator.session().client("dynamodb")

    @cached_property
    def functions(self) -> "LambdaClient":
        """Functions and their event source mappings."""
        return self.emulator.session().client("lambda")

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """The bank's API key."""
        return self.emulator.session().client("secretsmanager")

    @cached_property
    def metrics(self) -> "CloudWatchClient":
        """Metrics and alarms."""
        return self.emulator.session().client("cloudwatch")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a supervisor writes down, so that other processes reach its system.

    Attributes:
        started_at: Unix time, seconds.
        directory: where the emulator keeps what its clients need.
        page_url: the page that shows the system and has buttons; empty where there is none.
    """

    pid: int
    started_at: float
    directory: str
    endpoint: str
    ca_bundle: str
    region: str
    bank_url: str
    bank_control_url: str
    outputs: Outputs
    page_url: str = ""

    def access(self) -> Access:
        """Clients for the system of this state.

        Raises:
            EmulatorError: it does not answer.
        """
        bank = Bank(url=self.bank_url, control_url=self.bank_control_url)
        return Access(Emulator.attach(Path(self.directory)), self.outputs, bank)
