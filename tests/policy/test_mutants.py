"""Every input of every resource of the system, broken one at a time: is it seen?"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from local.policy_check import graph_of
from local.recording import record
from policy import tokens
from policy.command import CONFIG, read_settings
from policy.control import Control, Level
from policy.controls import catalogue
from policy.graph import Graph
from policy.judge import judge
from policy.patterns import like
from policy.settings import Settings
from tests.policy.mutants import Mutant, mutants
from tests.policy.tracking import EXISTENCE, NAME, Read, reads

ROOT = Path(__file__).parents[2]
STACK = "prod"
LISTED = Path(__file__).with_name("living_mutants.txt")
SHARDS = 8
"""The mutants are judged in as many tests, so that several processes can share them."""


READ_EVERYTHING = ("stack-reference-exists", "stack-own-account")
"""Controls that look at every ARN, wherever it stands."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the list: which mutants, and why they may live."""

    token: str
    path: str
    kind: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        token, path, kind = mutant.line.split(" ", 2)
        pairs = ((token, self.token), (path, self.path), (kind, self.kind))
        return all(like(text, pattern) for text, pattern in pairs)


@cache
def listed() -> tuple[Entry, ...]:
    return tuple(_entries())


def _entries() -> Iterator[Entry]:
    for line in LISTED.read_text().splitlines():
        if line and not line.startswith("#"):
            what, reason = line.split(" | ", 1)
            token, path, kind = what.split(" ", 2)
            yield Entry(token=token, path=path, kind=kind, reason=reason)


@dataclass(kw_only=True)
class Judge:
    """The mandatory controls, and what each of them reads of the unbroken graph."""

    graph: Graph
    controls: tuple[Control, ...]
    settings: Settings
    seen: dict[str, set[Read]]

    def catchers(self, mutant: Mutant) -> set[str]:
        """The controls that find something wrong with a mutant."""
        graph = mutant.graph
        moved = graph.account != self.account or graph.region != self.region
        return {
            control.id
            for control in self.controls
            if (moved or self._looks(control, mutant))
            and not judge(control, graph, self.settings.of(control).parameters).holds
        }

    def _looks(self, control: Control, mutant: Mutant) -> bool:
        if mutant.kind in ("removed", "off") or control.id in READ_EVERYTHING:
            return True
        log = self.seen[control.id]
        return (mutant.urn, mutant.top) in log or (
            mutant.top == NAME and (mutant.token, NAME) in log
        )

    @cached_property
    def account(self) -> str | None:
        return self.graph.account

    @cached_property
    def region(self) -> str | None:
        return self.graph.region

    def should(self, control: str, mutant: Mutant) -> bool:
        """Whether a control says of itself that it reads what was broken."""
        found = next(item.reads for item in self.controls if item.id == control)
        if "*" in found:
            return True
        if mutant.top == "grants":
            return tokens.IDENTITY_DOCUMENT in found
        if mutant.kind == "removed":
            return mutant.token in found or self._edge_into(found, mutant.urn)
        return mutant.top in found.get(mutant.token, ())

    def _edge_into(self, found: object, urn: str) -> bool:
        """Whether an input that the control reads is made from the resource that is gone."""
        return any(
            urn in urns and isinstance(found, dict) and name in found.get(resource.type, ())
            for resource in self.graph.resources
            for name, urns in resource.edges.items()
        )


@cache
def the_judge() -> Judge:
    graph = graph_of(record(STACK, ROOT))
    settings = read_settings(ROOT / CONFIG)
    controls = tuple(
        control for control in catalogue() if settings.of(control).level is Level.MANDATORY
    )
    seen = {
        control.id: reads(control, graph, settings.of(control).parameters) for control in controls
    }
    return Judge(graph=graph, controls=controls, settings=settings, seen=seen)


@cache
def all_mutants() -> tuple[Mutant, ...]:
    return tuple(mutants(the_judge().graph))


def test_the_unbroken_system_is_not_caught() -> None:
    found = the_judge()
    for control in found.controls:
        verdicts = judge(control, found.graph, found.settings.of(control).parameters)
        assert verdicts.holds, control.id


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_mutant_is_caught_by_a_control_that_should_or_listed(
    shard: int, record_property: Callable[[str, object], None]
) -> None:
    count = Counter[str]()
    missed: list[str] = []
    unrelated: list[str] = []
    for mutant in all_mutants()[shard::SHARDS]:
        catchers = the_judge().catchers(mutant)
        if catchers:
            count["caught"] += 1
            strangers = [name for name in catchers if not the_judge().should(name, mutant)]
            unrelated += [f"{mutant} by {name}" for name in strangers]
        elif any(entry.covers(mutant) for entry in listed()):
            count["listed"] += 1
        else:
            missed.append(str(mutant))
    for kind in ("caught", "listed"):
        record_property(kind, count[kind])
    sys.stdout.write(f"caught {count['caught']}, listed {count['listed']}, missed {len(missed)}\n")
    hint = "a rule or a control has to see it, or living_mutants.txt says why it may live"
    assert not missed, hint
    assert not unrelated, "a control's `reads` has to name what it looks at"
    assert count["caught"] > count["listed"]


def test_every_line_of_the_list_is_needed() -> None:
    """One whose mutants are all caught would hide the day on which they are not."""
    lines = [
        entry
        for entry in listed()
        if all(the_judge().catchers(mutant) for mutant in all_mutants() if entry.covers(mutant))
    ]
    assert not lines, "take them out of living_mutants.txt"


def test_a_control_that_does_not_read_an_input_says_the_same_when_it_changes() -> None:
    """The short cut that the other test takes, held against the long way for one mutant in 97."""
    found = the_judge()
    for mutant in all_mutants()[::97]:
        long_way = {
            control.id
            for control in found.controls
            if not judge(control, mutant.graph, found.settings.of(control).parameters).holds
        }
        assert long_way == found.catchers(mutant), str(mutant)


def test_the_log_of_reads_tells_types_from_resources() -> None:
    seen = the_judge().seen["sqs-dead-letter-queue"]
    assert (tokens.QUEUE, EXISTENCE) in seen
    assert any(name == "redrivePolicy" for _, name in seen)
