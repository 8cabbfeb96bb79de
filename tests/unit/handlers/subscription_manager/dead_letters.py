"""Dead letters of one customer, and turns that send them back."""

import json

from handlers.subscription_manager.ports import Counts, Letter
from tests.unit.handlers.subscription_manager.services import PAYMENTS
from tests.unit.handlers.subscription_manager.world import World


def letter(number: int, end: str = "dead_lettered", code: str = "defect") -> Letter:
    reason = json.dumps({"end": end, "code": code, "detail": "", "attempts": 3})
    return Letter(
        id=f"sqs-{number}",
        receipt=f"receipt-{number}",
        body=json.dumps({"message_id": f"m-{number}", "customer_id": "c-1"}),
        group="c-1",
        attributes={"reason": {"DataType": "String", "StringValue": reason}},
    )


def world_with(*letters: Letter) -> World:
    world = World()
    world.letters.waiting.extend(letters)
    count(world)
    return world


def count(world: World) -> None:
    total = len(world.letters.waiting)
    world.queues.counted[PAYMENTS.dead_letter_queue] = Counts(visible=total, in_flight=0, delayed=0)


def run(world: World, turns: int = 8) -> None:
    for _ in range(turns):
        count(world)
        world.next_turn()


def moved(world: World) -> list[str]:
    return [letter.id for _, letter, _ in world.letters.sent]
