"""What this project relies on of event source mappings."""

import pytest
from botocore.exceptions import ClientError

from tests.emulated_account import POLLING, Account, allow, eventually, refusal


@pytest.fixture
def queue(account: Account) -> str:
    return account.queue()


@pytest.fixture
def function(account: Account) -> str:
    return account.function()


def _refused(account: Account, queue: str, function: str, **settings: object) -> str:
    arguments = {"EventSourceArn": account.queue_arn(queue), "FunctionName": function} | settings
    return refusal(account.functions.create_event_source_mapping, **arguments)


def test_its_settings_are_given_back(account: Account, queue: str, function: str) -> None:
    mapping = account.map(
        queue,
        function,
        BatchSize=7,
        Enabled=False,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        ScalingConfig={"MaximumConcurrency": 5},
    )

    found = account.functions.get_event_source_mapping(UUID=mapping)

    assert found["BatchSize"] == 7
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert found["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert found["FunctionArn"] == account.arn("lambda", f"function:{function}")


def test_it_is_found_by_its_queue_and_by_its_function(
    account: Account, queue: str, function: str
) -> None:
    mapping = account.map(queue, function, Enabled=False)
    listing = account.functions.list_event_source_mappings

    by_queue = listing(EventSourceArn=account.queue_arn(queue))["EventSourceMappings"]
    by_function = listing(FunctionName=function)["EventSourceMappings"]

    assert [found["UUID"] for found in by_queue] == [mapping]
    assert [found["UUID"] for found in by_function] == [mapping]


def test_it_passes_through_the_states_in_between(
    account: Account, queue: str, function: str
) -> None:
    mapping = account.map(queue, function, Enabled=False)
    assert account.state(mapping) == "Creating"
    eventually(lambda: account.state(mapping) == "Disabled")

    account.functions.update_event_source_mapping(UUID=mapping, Enabled=True)
    assert account.state(mapping) == "Enabling"
    eventually(lambda: account.state(mapping) == "Enabled")

    account.functions.update_event_source_mapping(UUID=mapping, Enabled=False)
    assert account.state(mapping) == "Disabling"
    eventually(lambda: account.state(mapping) == "Disabled")


def test_a_change_during_a_change_is_refused(account: Account, queue: str, function: str) -> None:
    mapping = account.map(queue, function, Enabled=False)
    account.settle(mapping)
    account.functions.update_event_source_mapping(UUID=mapping, Enabled=True)

    with pytest.raises(ClientError, match="ResourceInUseException"):
        account.functions.update_event_source_mapping(UUID=mapping, Enabled=False)


def test_a_second_mapping_of_the_same_pair_is_refused(
    account: Account, queue: str, function: str
) -> None:
    account.map(queue, function, Enabled=False)

    assert _refused(account, queue, function) == "ResourceConflictException"


def test_a_fifo_batch_above_ten_is_refused(account: Account, queue: str, function: str) -> None:
    assert _refused(account, queue, function, BatchSize=11) == "InvalidParameterValueException"


def test_a_queue_that_does_not_exist_is_refused(account: Account, function: str) -> None:
    gone = "https://127.0.0.1/123456789012/never-made.fifo"

    assert _refused(account, gone, function) == "InvalidParameterValueException"


def test_a_visibility_timeout_below_the_functions_timeout_is_refused(
    account: Account, function: str
) -> None:
    queue = account.queue(VisibilityTimeout="4")

    assert _refused(account, queue, function) == "InvalidParameterValueException"


@pytest.mark.parametrize("missing", POLLING)
def test_a_role_that_may_not_poll_the_queue_is_refused(
    account: Account, queue: str, missing: str
) -> None:
    granted = [action for action in POLLING if action != missing]
    role = account.role(allow(granted, account.queue_arn(queue)))

    found = _refused(account, queue, account.function(role=role))

    assert found == "InvalidParameterValueException"
