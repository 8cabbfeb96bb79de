"""The AWS provider's configuration, as far as the local one knows it."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from local.properties import Properties

ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

NOWHERE = "https://no-endpoint-is-set.invalid"
"""What an error then shows; names under `.invalid` lead nowhere (RFC 2606)."""

# Keys of `aws:endpoints` that are not the names that boto3 has for the services.
SERVICES = {"cloudwatchlogs": "logs"}


class ProviderSettingsError(Exception):
    """The provider's configuration cannot be used."""


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """What the stack's configuration says to the provider.

    `endpoint` serves the services that `endpoints` does not name; without both, the provider can
    preview and nothing else. `account` is the account that a preview without an endpoint is for.
    Docker's provider gets none of AWS's configuration: its registry is at AWS_ENDPOINT_URL, or at
    AWS_ENDPOINT_URL_ECR.
    """

    region: str
    account: str
    endpoint: str = ""
    endpoints: Mapping[str, str] = field(default_factory=dict[str, str])
    default_tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def otherwise(self) -> str:
        """Where a service is that has no address of its own: never at AWS's."""
        return self.endpoint or NOWHERE

    @property
    def applies(self) -> bool:
        """Whether there is an AWS to apply to."""
        return bool(self.endpoint or self.endpoints)


def read_settings(
    arguments: Properties, environment: Mapping[str, str] = os.environ
) -> ProviderSettings:
    """The settings from a Configure request's arguments (nested values are JSON text).

    Raises:
        ProviderSettingsError: an endpoint is not on this machine: this provider is no way to AWS.
    """
    endpoints = {
        str(SERVICES.get(service, service)): str(address)
        for entry in _decoded(arguments.get("endpoints"), [])
        for service, address in entry.items()
    }
    if registry := environment.get("AWS_ENDPOINT_URL_ECR"):
        endpoints.setdefault("ecr", registry)
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    for address in filter(None, (endpoint, *endpoints.values())):
        if urlsplit(address).hostname not in ON_THIS_MACHINE:
            raise ProviderSettingsError(
                f"endpoint {address}: the local provider applies to this machine alone"
            )
    allowed = _decoded(arguments.get("allowedAccountIds"), [])
    return ProviderSettings(
        region=str(arguments.get("region") or environment.get("AWS_REGION") or "us-east-2"),
        account=environment.get("LOCAL_ACCOUNT") or next(iter(allowed), ""),
        endpoint=endpoint,
        endpoints=endpoints,
        default_tags=_decoded(arguments.get("defaultTags"), {}).get("tags", {}),
    )


def _decoded(value: Any, default: Any) -> Any:  # noqa: ANN401 - any value of JSON
    return json.loads(value) if isinstance(value, str) and value else (value or default)
