"""`docker compose up`: a message on the topic comes out as an outcome, all of it in containers."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.containers import compose
from local.containers.images import layers
from tests.docker.docker_commands import ROOT, SERVICES, docker
from tests.emulated_account import eventually

PROJECT = "compose-test"
PREFIX = "utility-customer-system-local"
PATIENCE = 60.0  # seconds
PAYMENT = {
    "message_id": "pay-1",
    "transaction_type": "payment",
    "customer_id": "cust-1",
    "amount": "120.00",
    "payment_method": "ach",
}


class Stack:
    """The containers, and root's clients of the embedded AWS in them, from outside."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder

    def run(self, *command: str, given: str = "") -> str:
        """One command of Compose; what it printed."""
        done = subprocess.run(
            [*compose.command(), "--project-name", PROJECT, *command],
            cwd=ROOT,
            env={**os.environ, **self._environment},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"compose {' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def client(self, service: str) -> Any:  # noqa: ANN401 - plain dictionaries go in and out
        """A client that reaches the embedded AWS by the port that Compose publishes."""
        trust = self._folder / "ca.pem"
        if not trust.exists():
            self.run("cp", "aws:/project/.local/up/emulator/ca.pem", str(trust))
        address = self.run("port", "aws", "4566").strip()
        return boto3.client(
            service,  # pyright: ignore[reportArgumentType, reportCallIssue] - the stubs take literals alone
            endpoint_url=f"https://{address}",
            verify=str(trust),
            region_name="us-east-2",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.fixture(scope="module")
def stack(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything up from nothing, by the one command that the file names."""
    compose.ensure()
    here = {"AWS_PORT": "0", "BASE_IMAGE": base, "BUILD_NETWORK": "host"}
    # An engine of today builds by BuildKit unasked; Debian's has it and asks.
    settings = {**here, "DOCKER_BUILDKIT": "1"}
    stack = Stack(settings, tmp_path_factory.mktemp("compose"))
    try:
        stack.run("up", "--build", "--detach", "--wait")
        yield stack
    finally:
        stack.run("down", "--timeout", "5")


def test_every_service_has_a_container() -> None:
    services = compose.configuration(ROOT)["services"]
    assert services.keys() == {"aws", "bank", *SERVICES}


def test_a_message_on_the_topic_comes_out_as_an_outcome(stack: Stack) -> None:
    queue = outcomes_queue(stack)
    account = stack.client("sts").get_caller_identity()["Account"]
    stack.client("sns").publish(
        TopicArn=f"arn:aws:sns:us-east-2:{account}:{PREFIX}-transaction-processing.fifo",
        Message=json.dumps(PAYMENT),
        MessageGroupId="cust-1",
        MessageDeduplicationId="pay-1",
        MessageAttributes={"transaction_type": {"DataType": "String", "StringValue": "payment"}},
    )
    outcome = received(stack, queue)
    assert (outcome["message_id"], outcome["outcome"]) == ("pay-1", "completed")
    assert (outcome["amount"], outcome["fee"]) == ("120.00", "3.00")


def test_the_worker_ran_in_its_container_and_its_log_is_in_both_places(stack: Stack) -> None:
    """A line is written when the invocation ends, which is after its outcome is out."""
    logs = stack.client("logs")

    def printed() -> bool:
        return "BankLatency" in stack.run("logs", "--no-log-prefix", "payment-processing")

    def written() -> bool:
        found = logs.filter_log_events(logGroupName=f"/aws/lambda/{PREFIX}-payment-processing")
        return any("BankLatency" in event["message"] for event in found["events"])

    assert eventually(printed)
    assert eventually(written)


def test_the_manager_turns_in_its_container(stack: Stack) -> None:
    answer = stack.client("lambda").invoke(
        FunctionName=f"{PREFIX}-subscription-manager", Payload=b'{"action": "status"}'
    )
    services = json.load(answer["Payload"])["services"]
    circuits = {each["service"]: each["status"]["circuit"] for each in services}
    assert circuits == dict.fromkeys(set(SERVICES) - {"subscription-manager"}, "closed")


def test_a_file_of_transactions_is_sent_from_outside(stack: Stack) -> None:
    line = json.dumps({**PAYMENT, "message_id": "pay-2"})
    said = stack.run(
        "exec", "-T", "aws", "python3", "-m", "local", "send", "/dev/stdin", given=line
    )
    assert "completed" in said


def test_the_services_share_every_layer_but_their_last(stack: Stack) -> None:
    assert stack
    images = [layers(service) for service in SERVICES]
    assert len({tuple(each[:-1]) for each in images}) == 1


def test_a_machine_that_has_built_nothing_builds_the_same_layers(stack: Stack) -> None:
    """So a registry is sent what it has not, wherever an image was built."""
    before = layers("payment-processing")
    stack.run("build", "--no-cache", "payment-processing")
    assert layers("payment-processing") == before


def test_down_leaves_no_container_and_no_network(stack: Stack) -> None:
    stack.run("down", "--timeout", "5")
    ours = ("--quiet", "--filter", f"label=com.docker.compose.project={PROJECT}")
    assert docker("ps", "--all", *ours) == ""
    assert docker("network", "ls", *ours) == ""
    assert docker("volume", "ls", *ours) == ""


def outcomes_queue(stack: Stack) -> str:
    """A queue of the test's own on the outcomes topic."""
    sqs, account = stack.client("sqs"), stack.client("sts").get_caller_identity()["Account"]
    topic = f"arn:aws:sns:us-east-2:{account}:{PREFIX}-outcomes.fifo"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    attributes = {"FifoQueue": "true", "Policy": policy}
    sqs.create_queue(QueueName="outcomes.fifo", Attributes=attributes)
    stack.client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:us-east-2:{account}:outcomes.fifo",
        Attributes={"RawMessageDelivery": "true"},
    )
    return "outcomes.fifo"


def received(stack: Stack, queue: str) -> dict[str, Any]:
    """The next message of a queue."""
    sqs = stack.client("sqs")
    end = time.monotonic() + PATIENCE
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    while time.monotonic() < end:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages", []):
            return json.loads(message["Body"])
    raise AssertionError(f"nothing came in {PATIENCE:g} s; {stack.run('logs', '--tail', '40')}")
