"""The stack's settings: one typed value, read and checked once, before any resource.

The schema in Pulumi.yaml declares the same keys with their defaults and descriptions; this
module knows no default. Times are whole seconds unless the field's comment says otherwise.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal

import msgspec

from components.errors import SettingsError, Violation
from components.names import PROJECT
from components.rules import broken_rules

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
StackName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
PinnedImage = Annotated[str, msgspec.Meta(pattern=r"^\S+$")]
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
    notification_email: str
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


STACK_FIELDS = ("stack", "region")
"""Fields that the engine knows by itself; the rest are keys of the project's namespace."""


def read_settings(stack: str, region: str, config: Mapping[str, Any]) -> Settings:
    """The settings of a stack.

    Args:
        stack: The stack's name.
        region: The region of the AWS provider.
        config: The engine's configuration, keys with their namespace. Values are strings, those
            of arrays and objects JSON, as the engine hands them over.

    Raises:
        SettingsError: With every wrong value at once.
    """
    raw = {"stack": stack, "region": region} | dict(_of_project(config))
    values: dict[str, Any] = {}
    violations = list(_unknown(raw))
    for field in msgspec.structs.fields(Settings):
        key = field.encode_name
        if key not in raw:
            violations.append(Violation(key=key, value=None, rule="it must be set"))
            continue
        values[key] = _decoded(raw[key], field.type)
        violations.extend(_wrong(key, values[key], field.type))
    if violations:
        raise SettingsError(violations)
    settings = msgspec.convert(values, Settings, strict=False)
    if broken := broken_rules(settings):
        raise SettingsError(broken)
    return settings


def _of_project(config: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if namespace == PROJECT:
            yield name, value


def _unknown(raw: Mapping[str, Any]) -> Iterable[Violation]:
    known = {field.encode_name for field in msgspec.structs.fields(Settings)}
    for key in sorted(set(raw) - known):
        yield Violation(key=key, value=raw[key], rule="no setting has this name")


def _wrong(key: str, value: object, kind: Any) -> list[Violation]:  # noqa: ANN401 - a type's annotation has no type
    """What of a value is not of its type; the parts of an object are called by their own keys."""
    try:
        _check(value, kind)
    except ValueError as error:
        whole = Violation(key=key, value=value, rule=str(error))
    else:
        return []
    kinds = _kinds(value, kind)
    if not isinstance(value, dict) or not kinds:
        return [whole]
    unknown = "no setting has this name"
    parts = [
        _wrong(f"{key}.{name}", part, kinds[name])
        if name in kinds
        else [Violation(key=f"{key}.{name}", value=part, rule=unknown)]
        for name, part in value.items()
    ]
    return list(chain.from_iterable(parts)) or [whole]


def _check(value: object, kind: Any) -> None:  # noqa: ANN401 - the same
    """Raises a ValueError that says the rule."""
    converted = msgspec.convert(value, kind, strict=False)
    for bounds in getattr(kind, "__metadata__", ()):
        if isinstance(bounds, Bounds) and not _within(converted, bounds):
            raise ValueError(str(bounds))


def _kinds(value: object, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    """The type of each part of an object; none where the type is not an object's."""
    if getattr(kind, "__origin__", None) is dict and isinstance(value, dict):
        return dict.fromkeys(value, kind.__args__[1])
    if kind is ServiceOverride:
        return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    return {}


def _within(value: Decimal, bounds: Bounds) -> bool:
    return value.is_finite() and bounds.least <= value <= bounds.most


def _decoded(raw: object, kind: object) -> object:
    """Arrays and objects arrive as JSON text; everything else is left as it is."""
    if not isinstance(raw, str) or getattr(kind, "__origin__", None) not in (dict, tuple):
        return raw
    try:
        return json.loads(raw)
    except json.JSONDecodeError:
        return raw
