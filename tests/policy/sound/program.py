"""A small sound program, on which every control holds; tests break it in one place."""

from dataclasses import replace

from policy import tokens
from policy.graph import Graph
from policy.resource import Resource
from tests.policy.sound.edits import Edit
from tests.policy.sound.functions import clock, worker
from tests.policy.sound.messaging import queues, topics
from tests.policy.sound.parts import resource
from tests.policy.sound.stores import alarms, stores


def resources() -> dict[str, Resource]:
    """The program's resources by name."""
    root = replace(resource(tokens.STACK, "stack"), parent=None, protect=None)
    made = [root, *stores(), *queues(), *topics(), *worker(), *clock(), *alarms()]
    return {item.name: item for item in made}


def sound(*edits: Edit) -> Graph:
    """The program after some edits."""
    found = resources()
    for edit in edits:
        edit(found)
    return Graph(found.values())
