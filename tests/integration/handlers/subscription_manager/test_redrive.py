"""Dead letters go back through SQS and the ledger's table."""

import json

import pytest
from msgspec.structs import replace

from tests.emulated_account import Account, eventually
from tests.integration.handlers.subscription_manager.system import FAST, SERVICE, TURN, System
from tests.unit.handlers.subscription_manager.tap import Killed, Tap


def test_a_dead_letter_goes_back_whole_but_for_its_reason(system: System) -> None:
    system.hold()
    system.dead_letter(1)

    answer = system.ask({"action": "redrive", "operator": "ada"})

    (message,) = system.account.receive(system.queue)
    assert json.loads(message["Body"])["message_id"] == "m-1"
    assert message["Attributes"]["MessageGroupId"] == "c-1"
    values = {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}
    assert values.pop("redrive_id")
    assert values == {"transaction_type": "payment"}
    assert system.account.depth(system.dead_letters) == (0, 0)
    assert answer["status"]["redrive"]["moved"] == 1


def test_a_letter_that_was_sent_and_not_deleted_goes_back_once(account: Account) -> None:
    system = System(account, replace(FAST, turn=1.0))
    system.hold()
    system.dead_letter(1)
    tap = Tap()
    tap.before = lambda _number, name: kill_at(tap, name, "letters.delete")
    with pytest.raises(Killed):
        system.ask({"action": "redrive"}, tap)
    assert system.account.depth(system.dead_letters) == (0, 1)

    system.ahead += 2 * TURN
    eventually(lambda: again(system), seconds=20)

    assert len(system.account.receive(system.queue)) == 1


def test_a_letter_older_than_a_completed_one_of_its_customer_goes_back_by_force_only(
    system: System,
) -> None:
    system.hold()
    system.entry(1, sent_at=1000, status="dead_lettered")
    system.entry(2, sent_at=2000, status="completed")
    system.entry(3, sent_at=3000, status="dead_lettered")
    system.dead_letter(1)
    system.dead_letter(3)

    redrive = system.ask({"action": "redrive"})["status"]["redrive"]

    bodies = [json.loads(body)["message_id"] for body in system.account.bodies(system.queue)]
    assert bodies == ["m-3"]
    assert (redrive["moved"], redrive["held_back"]) == (1, 1)


def kill_at(tap: Tap, name: str, wanted: str) -> None:
    if name == wanted:
        tap.dead = True
        raise Killed


def again(system: System) -> bool:
    system.turn()
    redrive = system.records.redrive(SERVICE)
    return redrive is not None and redrive.moved == 1
