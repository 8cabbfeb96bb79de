"""The stack's settings: one typed value, which `configuration` reads and checks.

The schema in Pulumi.yaml declares the same keys with their defaults and descriptions; this
module knows no default. Times are whole seconds unless the field's comment says otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

MAX_RETENTION = 14 * 24 * 3600
"""Seconds; the most that SQS keeps a message (SetQueueAttributes, MessageRetentionPeriod)."""


@dataclass(frozen=True)
class Bounds:
    """The least and the most of a decimal, both included."""

    least: Decimal
    most: Decimal

    def __str__(self) -> str:
        return f"it must be a decimal from {self.least} to {self.most}"


Share = Annotated[Decimal, Bounds(Decimal("0.0001"), Decimal(1))]
Duration = Annotated[Decimal, Bounds(Decimal("0.001"), Decimal(900))]
Amount = Annotated[Decimal, Bounds(Decimal(0), Decimal(1_000_000_000))]
Rate = Annotated[Decimal, Bounds(Decimal(0), Decimal(1))]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[int, msgspec.Meta(ge=1)]
Retention = Annotated[int, msgspec.Meta(ge=60, le=MAX_RETENTION)]
Memory = Annotated[int, msgspec.Meta(ge=128, le=10240)]
Timeout = Annotated[int, msgspec.Meta(ge=1, le=900)]
BatchSize = Annotated[int, msgspec.Meta(ge=1, le=10)]
Concurrency = Annotated[int, msgspec.Meta(ge=2, le=1000)]
Visibility = Annotated[int, msgspec.Meta(ge=0, le=43200)]
AccountId = Annotated[str, msgspec.Meta(pattern=r"^\d{12}$")]
Region = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
StackName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]{0,15}$")]
"""Without a dash: rights on `utility-customer-system-dev-*` would reach a stack `dev-eu` too."""

Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
PinnedImage = Annotated[str, msgspec.Meta(pattern=r"^\S+$")]
Email = Annotated[str, msgspec.Meta(pattern=r"^([^@\s]+@[^@\s]+)?$")]
# fmt: off
LogRetention = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
    2192, 2557, 2922, 3288, 3653,
]
# fmt: on
"""Days; what PutRetentionPolicy takes."""


class ServiceOverride(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stack may change of a service; what it leaves out stays as the service says."""

    memory: Memory | None = None
    timeout: Timeout | None = None
    batch_size: BatchSize | None = msgspec.field(default=None, name="batchSize")
    concurrency: Concurrency | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Everything that differs between stacks. Fields are the keys of the config schema."""

    stack: StackName
    region: Region

    account_id: AccountId
    operator_principals: tuple[Text, ...]
    notification_email: Email
    guide: Text
    tags: dict[str, str]
    protect: bool
    deletion_protection: bool
    permissions_boundary: bool

    architecture: Literal["amd64", "arm64"]
    base_image: PinnedImage
    keep_images: Count
    images: dict[str, Digest]

    services: dict[str, ServiceOverride]
    manager_memory: Memory
    manager_timeout: Timeout
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    log_retention_days: LogRetention

    visibility_timeout: Visibility
    queue_retention: Retention
    dead_letter_retention: Retention
    max_receive_count: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    topic_archive_days: Annotated[int, msgspec.Meta(ge=0, le=365)]

    bank_url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+")]
    bank_connect_timeout: Duration
    bank_read_timeout: Duration
    bank_key_memory: Seconds
    max_attempts: Count
    retry_backoff: Seconds
    retry_backoff_cap: Seconds
    ledger_retention: Seconds
    verify_checksum: bool
    fee_threshold: Amount
    fee_rate: Rate
    missing_account: Literal["reject", "wait"]

    consecutive_failures: Count
    failure_rate: Share
    minimum_volume: Count
    failure_window: Seconds
    slow_call: Seconds
    slow_call_rate: Share
    cool_down: Seconds
    cool_down_cap: Seconds
    ramp: Seconds
    ramp_concurrency: Concurrency
    drain_time: Annotated[int, msgspec.Meta(ge=1, le=43200)]
    turn: Seconds

    alarm_error_rate: Share
    alarm_minimum_volume: Count
    alarm_message_age: Seconds
    alarm_quiet_time: Annotated[int, msgspec.Meta(ge=60, le=86400, multiple_of=60)]
    service_level_time: Seconds
    data_loss_warning: Seconds
    data_loss_critical: Seconds
