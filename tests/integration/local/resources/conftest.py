from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.deployment import Deployment, deploy_all, destroy
from local.emulator import Emulator
from local.monitor import RecordedResource
from local.resources.account import Account, State
from local.resources.clients import Clients
from local.resources.table import KINDS

PROJECT = Path(__file__).parent / "project"


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The project of every kind, deployed."""

    deployment: Deployment
    account: Account
    clients: Clients

    def named(self, name: str) -> RecordedResource:
        (found,) = [each for each in self.deployment.resources if each.name == name]
        return found

    def read(self, name: str) -> State | None:
        resource = self.named(name)
        return self.account.read(resource.type, name, state_of(resource))


def state_of(resource: RecordedResource) -> State:
    """What an engine would have written down: the inputs as they were applied."""
    named = KINDS[resource.type].named or ""
    name = {named: resource.outputs[named]} if named in resource.outputs else {}
    inputs = {**resource.inputs, **name}
    return State(id=resource.id, inputs=inputs, outputs=resource.outputs)


@pytest.fixture(scope="session")
def clients(emulator: Emulator) -> Clients:
    return Clients(emulator.session(), root=PROJECT)


@pytest.fixture(scope="module")
def deployed(emulator: Emulator, clients: Clients) -> Iterator[Deployed]:
    session = emulator.session()
    account = Account(clients, default_tags={"Project": "every-kind"})
    deployment = deploy_all("local", PROJECT, session)
    yield Deployed(deployment=deployment, account=account, clients=clients)
    destroy(deployment, PROJECT, session)
