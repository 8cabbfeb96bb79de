import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from local.engine.place import Place
from local.engine.workspace import lay_out
from local.system import System
from tests.absent import absent
from tests.engine.project import ROOT, Project


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Every test here needs the engine."""
    if not Place(root=ROOT).pulumi.exists():
        absent("there is no Pulumi engine: make engine builds or finds one")


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it is when the tests begin."""
    return lay_out(ROOT, tmp_path_factory.mktemp("source"))


class Running:
    """A whole system that the engine made, and the project that it was made from."""

    def __init__(self, system: System, project: Project) -> None:
        self.system = system
        self.project = project
        self.access = system.access

    def mapping(self, service: str) -> Mapping[str, Any]:
        """The event source mapping of a service."""
        name = self.access.outputs.function_names[service]
        found = self.access.functions.list_event_source_mappings(FunctionName=name)
        return found["EventSourceMappings"][0]

    def status(self, service: str) -> Mapping[str, Any]:
        """What the manager says of a service's circuit."""
        payload = json.dumps({"action": "status", "service": service})
        name = self.access.outputs.function_names["subscription-manager"]
        answer = self.access.functions.invoke(FunctionName=name, Payload=payload)
        return json.load(answer["Payload"])["services"][0]["status"]

    def order(self, action: str, service: str) -> None:
        """Send a control message."""
        message = json.dumps({"action": action, "service": service})
        topic = self.access.outputs.control_topic_arn
        self.access.sns.publish(TopicArn=topic, Message=message)

    def unrouted(self) -> int:
        """Messages that wait in the unrouted queue, which nobody works."""
        wanted = "ApproximateNumberOfMessages"
        found = self.access.sqs.get_queue_attributes(
            QueueUrl=self.access.outputs.unrouted_queue_url, AttributeNames=[wanted]
        )
        return int(found["Attributes"][wanted])

    def send(self, transaction_type: str, message_id: str, **fields: str) -> None:
        """Send a transaction; one of the type `lottery` is taken by no service."""
        body = {"message_id": message_id, "transaction_type": transaction_type, **fields}
        self.access.sns.publish(
            TopicArn=self.access.outputs.transaction_topic_arn,
            Message=json.dumps({**body, "customer_id": "customer"}),
            MessageGroupId="customer",
            MessageDeduplicationId=message_id,
            MessageAttributes={
                "transaction_type": {"DataType": "String", "StringValue": transaction_type}
            },
        )


@pytest.fixture(scope="session")
def running(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system whose resources `pulumi up` has made; the tests share it."""
    folder = tmp_path_factory.mktemp("running")
    projects: list[Project] = []

    def deployer(emulator: Emulator, settings: Mapping[str, str]) -> Mapping[str, Any]:
        project = Project(
            source=source,
            folder=folder,
            stack="local",
            environment=emulator.environment(),
            settings=settings,
        )
        projects.append(project)
        project.init()
        project.up()
        return project.outputs()

    with System.start(folder / "system", deployer=deployer) as system:
        yield Running(system, projects[0])


@pytest.fixture
def whole(running: Running) -> Iterator[Running]:
    """The running system, brought back to the program of the repository after the test."""
    yield running
    running.project.reset()
    running.project.up()
