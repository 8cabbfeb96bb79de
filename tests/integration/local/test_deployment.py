from pathlib import Path

from local.deployment import Deployment, deploy_all, destroy
from local.emulator import Emulator
from local.monitor import RecordedResource
from local.resources.account import Account, State
from local.resources.clients import Clients
from local.resources.table import KINDS

PROJECT = Path(__file__).parent / "resources" / "project"


def test_a_stack_is_made_and_removed_twice_in_one_process(emulator: Emulator) -> None:
    """After the removal nothing of it is there, nor in the way of the second."""
    session = emulator.session()
    outputs = []
    for _ in range(2):
        deployment = deploy_all("local", PROJECT, session)
        outputs.append(deployment.outputs)
        destroy(deployment, PROJECT, session)
        assert not left(deployment, Account(Clients(session)))
    assert outputs[0] == outputs[1]


def test_a_setting_from_outside_goes_before_the_stacks(emulator: Emulator) -> None:
    session = emulator.session()
    deployment = deploy_all("local", PROJECT, session, {"every-kind:timeout": "33"})
    (function,) = [each for each in deployment.resources if each.name == "function"]
    found = session.client("lambda").get_function_configuration(FunctionName=function.id)
    destroy(deployment, PROJECT, session)
    assert found["Timeout"] == 33


def left(deployment: Deployment, account: Account) -> list[str]:
    """The resources that are still there."""

    def exists(resource: RecordedResource) -> bool:
        state = State(id=resource.id, inputs=resource.inputs, outputs=resource.outputs)
        return account.read(resource.type, resource.name, state) is not None

    return [each.name for each in deployment.resources if each.type in KINDS and exists(each)]
