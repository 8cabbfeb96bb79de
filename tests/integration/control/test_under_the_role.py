"""Everything that the command does, it does under the operator's role."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from control.errors import ControlError
from control.place import Place, reach
from control.stack import Stack
from local.access import State


@pytest.fixture
def place(running: State, directory: Path) -> Place:
    assert running.pid
    return reach("local", directory=directory)


def test_the_role_of_the_stack_is_taken_on(place: Place, running: State) -> None:
    name = "utility-customer-system-local-operator"
    assert place.role == name
    queue = running.outputs.queue_urls["payment-processing"]
    with pytest.raises(ClientError, match=f"assumed-role/{name}/root is not authorized"):
        place.sqs.purge_queue(QueueUrl=queue)


def test_the_role_may_not_receive_letters_nor_touch_a_mapping(place: Place, running: State) -> None:
    queue = running.outputs.dead_letter_queue_urls["payment-processing"]
    for call in (
        lambda: place.sqs.receive_message(QueueUrl=queue),
        lambda: place.functions.invoke(
            FunctionName=running.outputs.function_names["subscription-manager"]
        ),
        lambda: place.sns.publish(
            TopicArn=running.outputs.transaction_topic_arn, Message="{}", MessageGroupId="x"
        ),
    ):
        with pytest.raises(ClientError, match=r"AccessDenied|AuthorizationError|not authorized"):
            call()


def test_a_stack_that_is_not_there_is_said_to_be_none(
    running: State, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.endpoint)
    monkeypatch.setenv("AWS_CA_BUNDLE", running.ca_bundle)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    stack = Stack(reach("dev", directory=directory))
    with pytest.raises(ControlError, match="there is no stack dev in 123456789012, us-east-2"):
        stack.service("payment-processing")


def test_the_local_stack_is_never_looked_for_in_aws(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="make up"):
        reach("local", directory=tmp_path)
