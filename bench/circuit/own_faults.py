"""The situations in which we are at fault: messages, code, a key, workers that die."""

from collections.abc import Iterator
from itertools import product

from bench.circuit.bank_faults import BEFORE, OUTAGES, outage
from bench.circuit.job import SYSTEMS, Job, beside
from bench.simulator.bank import Manners
from bench.simulator.case import DAY, Case
from bench.simulator.deaths import Deaths, Step


def faults_of_ours(depth: str) -> Iterator[Job]:
    """A poison message, a defect in every worker, a rotated key."""
    poison = frozenset({"poison"})
    wrong_key = Manners(keys=((0.0, "key"), (60.0, "new")), secrets=((0.0, "key"), (660.0, "new")))
    cases = {
        "the bank breaks on it": {"manners": Manners(breaks_on=poison)},
        "our code breaks on it": {"poison": poison},
        "defect in every worker": {"defect": (60.0, 660.0)},
        "rotated key": {"manners": wrong_key},
    }
    for (name, changes), stack in product(cases.items(), ("dev", "prod")):
        messages = 1_000 if depth == "quick" else 3_000
        settings: dict[str, object] = {"messages": messages, "arrivals": 7200.0, **changes}
        case = Case(name=f"{name} ({stack})", stack=stack, **settings)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - fields of Case by name
        yield from beside(
            "faults of ours", case, name, stack, systems=SYSTEMS if stack == "prod" else SYSTEMS[:1]
        )


def long_defect() -> Iterator[Job]:
    """A defect that stays for days in a service with so few messages that each is tried often."""
    for stack in ("dev", "prod"):
        case = Case(
            name=f"defect for three days ({stack})",
            stack=stack,
            messages=10,
            customers=3,
            workers=3,
            arrivals=7200.0,
            defect=(60.0, 3 * DAY),
        )
        labels = ("defect in every worker for three days, ten messages", stack)
        yield from beside(
            "long defect", case, *labels, systems=SYSTEMS if stack == "prod" else SYSTEMS[:1]
        )


DYING: dict[str, dict[str, object]] = {
    "1 % of messages kill the worker once entered": {
        "deaths": Deaths(step=Step.ENTERED, share=0.01)
    },
    "1 % kill it once the bank has answered": {"deaths": Deaths(step=Step.ANSWERED, share=0.01)},
    "1 % kill it once the outcome is told": {"deaths": Deaths(step=Step.TOLD, share=0.01)},
    "one in ten, in an outage of ten minutes": {
        "deaths": Deaths(step=Step.ANSWERED, share=0.1),
        "manners": outage(OUTAGES["10 min"], honest=False),
    },
    "one customer's message kills every worker": {"deadly": frozenset({"deadly"})},
    "an image that does not start, for an hour": {
        "deaths": Deaths(step=Step.STARTED, start=BEFORE, end=BEFORE + OUTAGES["1 h"])
    },
}
"""How workers die, in the words of the table. Only ours tells of outcomes."""


def deaths(depth: str) -> Iterator[Job]:
    """Workers that die in the middle of a batch, and the alarm as the backstop."""
    for (name, changes), stack in product(DYING.items(), ("dev", "prod")):
        messages = 1_000 if depth == "quick" else 3_000
        settings: dict[str, object] = {"messages": messages, "arrivals": 7200.0, **changes}
        case = Case(name=f"{name} ({stack})", stack=stack, **settings)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - fields of Case by name
        compared = stack == "prod" and "told" not in name
        yield from beside("deaths", case, name, stack, systems=SYSTEMS if compared else SYSTEMS[:1])
