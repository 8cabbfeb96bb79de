"""The bank's key is rotated under load: the manager's turns are counted on the simulated clock."""

import json
from functools import cache
from typing import Any

import pytest

from bench.simulator.bank import Manners
from bench.simulator.case import Case, Result
from bench.simulator.engine import Engine
from bench.simulator.ours import Ours
from bench.simulator.silence import quiet
from bench.simulator.world import EPOCH, World
from handlers.common.circuit.state import State
from handlers.common.errors import Cause

SEEDS = range(1, 9)
CHANGED, IN_ITS_SECRET, TOLD = 60.0, 660.0, 661.0
"""When the bank changes the key, when the secret has it, and when an operator says `probe`."""
TURNS = 2

ROTATION = Manners(
    keys=((0.0, "old"), (CHANGED, "new")), secrets=((0.0, "old"), (IN_ITS_SECRET, "new"))
)


class Counted(Ours):
    """The system, and when the schedule turned its manager."""

    def __init__(self, *parts: Any) -> None:  # noqa: ANN401 - a world's parts
        self.turns: list[float] = []
        super().__init__(*parts)

    def _handle(self, event: object) -> None:
        if event == {"action": "reconcile"}:
            self.turns.append(self.engine.now)
        super()._handle(event)


@cache
def rotated(seed: int) -> tuple[Counted, Result]:
    case = Case(
        name="rotated key",
        seed=seed,
        messages=600,
        arrivals=3600.0,
        customers=60,
        workers=10,
        manners=ROTATION,
    )
    with quiet(), Engine(EPOCH) as engine:
        world = World(engine, case, Counted)
        system = world.system
        assert isinstance(system, Counted)
        probe = {"action": "probe", "reason": "the key is in its secret", "operator": "ada"}
        engine.at(EPOCH + TOLD, lambda: system.told(json.dumps(probe)))
        return system, world.run("ours")


every_seed = pytest.mark.parametrize("seed", SEEDS)


@every_seed
def test_the_circuit_opens_on_the_refused_key_and_says_why(seed: int) -> None:
    system, _ = rotated(seed)

    assert system.history[0][1].state is State.OPEN
    assert system.history[0][1].cause is Cause.MISCONFIGURED


@every_seed
def test_it_is_closed_again_within_two_turns_of_the_new_key(seed: int) -> None:
    system, _ = rotated(seed)
    closed = next(after.since for _, after in system.history if after.state is State.CLOSED)

    turns = [moment for moment in system.turns if EPOCH + IN_ITS_SECRET < moment < closed]

    assert len(turns) <= TURNS


@every_seed
def test_a_rotation_costs_no_dead_letter_no_second_booking_and_no_order(seed: int) -> None:
    _, result = rotated(seed)

    assert result.completed == result.sent == 600
    assert (result.good_dead, result.bad_dead, result.unknown) == (0, 0, 0)
    assert (result.double, result.disordered, result.lost) == (0, 0, 0)
