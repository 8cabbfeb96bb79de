from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """What the account says about a function, as far as running it needs."""

    name: str
    arn: str
    role: str
    environment: Mapping[str, str]
    timeout: int
    memory: int
    revision: str
    log_group: str
    reserved: int | None = None

    @classmethod
    def of(cls, configuration: Mapping[str, Any], reserved: int | None) -> "FunctionSettings":
        """Read a FunctionConfiguration of the Lambda API."""
        name = configuration["FunctionName"]
        return cls(
            name=name,
            arn=configuration["FunctionArn"],
            role=configuration["Role"],
            environment=configuration.get("Environment", {}).get("Variables", {}),
            timeout=configuration.get("Timeout", 3),
            memory=configuration.get("MemorySize", 128),
            revision=configuration.get("RevisionId", ""),
            log_group=configuration.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}"),
            reserved=reserved,
        )


@dataclass(frozen=True, kw_only=True)
class MappingSettings:
    """What the account says about an event source mapping of a queue."""

    identity: str
    source: str
    function: str
    enabled: bool
    settled: bool
    batch_size: int
    concurrency: int | None
    partial: bool

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "MappingSettings":
        """Read an EventSourceMappingConfiguration of the Lambda API."""
        return cls(
            identity=mapping["UUID"],
            source=mapping["EventSourceArn"],
            function=mapping["FunctionArn"].rsplit(":function:", 1)[-1],
            # While other settings change the deliveries go on; every other state has none.
            enabled=mapping["State"] in {"Enabled", "Updating"},
            settled=mapping["State"] in {"Enabled", "Disabled"},
            batch_size=min(mapping.get("BatchSize", 10), 10),
            concurrency=mapping.get("ScalingConfig", {}).get("MaximumConcurrency"),
            partial="ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", ()),
        )
