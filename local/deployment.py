"""The project's program deployed from this process: its resources made by boto3.

Every run makes a whole stack in an account where none of it exists; there is no state to update
from. For changes to a running system there is the Pulumi engine, over the same resources
(`local.provider`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3

from local.configuration import Configuration, read_configuration
from local.monitor import PROVIDERS, RecordedResource
from local.properties import Properties
from local.recording import run_program
from local.resources.account import Account, State
from local.resources.clients import Clients


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A stack that was deployed: its outputs and, in the order of their making, its resources."""

    outputs: dict[str, Any]
    resources: tuple[RecordedResource, ...]


def deploy(
    stack: str, root: Path, session: boto3.Session, settings: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Deploy a stack of the project at `root` with the session's credentials.

    Args:
        stack: whose file gives the configuration.
        root: the project's folder.
        session: leads to the account.
        settings: keys with their namespace, whose values go before those of the stack's file:
            what is known only now, such as an address on this machine.

    Returns:
        The stack's outputs.

    Raises:
        ConfigurationError: the stack's files are not in order.
        ResourceFailure: a resource could not be made; the error names it.
    """
    return deploy_all(stack, root, session, settings).outputs


def deploy_all(
    stack: str, root: Path, session: boto3.Session, settings: Mapping[str, str] | None = None
) -> Deployment:
    """Deploy as `deploy` does, and say which resources were made."""
    read = read_configuration(root, stack)
    configuration = replace(read, values={**read.values, **(settings or {})})
    provider = _Applied(configuration, Clients(session, root=root))
    recording = run_program(configuration, root, provider, preview=False)
    return Deployment(outputs=recording.outputs, resources=recording.resources)


def destroy(deployment: Deployment, root: Path, session: boto3.Session) -> None:
    """Remove the resources of a deployment, the last made first.

    Raises:
        ResourceFailure: a resource could not be removed; the error names it.
    """
    account = Account(Clients(session, root=root))
    for resource in reversed(deployment.resources):
        if resource.custom and not resource.type.startswith(PROVIDERS):
            state = State(id=resource.id, inputs=resource.inputs, outputs=resource.outputs)
            account.delete(resource.type, resource.name, state)


class _Applied:
    """Makes each resource of the program in the account that the clients reach."""

    def __init__(self, configuration: Configuration, aws: Clients) -> None:
        tags = json.loads(configuration.values.get("aws:defaultTags", "{}")).get("tags", {})
        self._account = Account(aws, default_tags=tags)

    def create(self, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
        checked = self._account.check(token, name, inputs)
        state = self._account.create(token, name, checked)
        return state.id, state.outputs

    def invoke(self, token: str, arguments: Properties) -> Properties:
        return self._account.invoke(token, arguments)
