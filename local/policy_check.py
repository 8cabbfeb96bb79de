"""The policy pack over a stack's first preview, in this process: `python -m local.policy_check`.

The preview is of an empty stack: what only AWS can tell is not known in it, and whatever the pack
cannot decide there counts as violated, as its settings say.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from local.errors import says_what_to_do
from local.monitor import RecordedResource
from local.project import ROOT
from local.recording import Recording, record
from policy.command import CONFIG, REFUSED, add_output_options, finish
from policy.graph import Graph
from policy.resource import Resource
from policy.values import plain


def graph_of(recording: Recording) -> Graph:
    """The graph of a recorded run of the program, as the pack takes it."""
    stack = recording.resources[0].urn.split("::", 2)[:2] if recording.resources else []
    root = Resource(
        urn="::".join([*stack, "pulumi:pulumi:Stack", "stack"]),
        type="pulumi:pulumi:Stack",
        name="stack",
        inputs={},
    )
    resources = [_resource(item) for item in recording.resources]
    stacks = [item for item in resources if item.type == root.type]
    return Graph(resources if stacks else [root, *resources])


def _resource(recorded: RecordedResource) -> Resource:
    return Resource(
        urn=recorded.urn,
        type=recorded.type,
        name=recorded.name,
        inputs=cast("Mapping[str, object]", plain(recorded.inputs)),
        edges=recorded.property_dependencies,
        depends_on=recorded.dependencies,
        parent=recorded.parent or None,
        protect=recorded.protect,
        ignore_changes=recorded.ignore_changes,
    )


def main(arguments: list[str] | None = None) -> int:
    """Check one stack; 0, 1 (violated) or 2 (refused: the pack's configuration or the stack's)."""
    parser = argparse.ArgumentParser(prog="python -m local.policy_check", description=__doc__)
    parser.add_argument("stack", help="stack whose settings are used")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the program")
    add_output_options(parser)
    options = parser.parse_args(arguments)
    config = options.config or options.root / CONFIG
    try:
        recording = record(options.stack, options.root)
    except Exception as error:
        if not says_what_to_do(error):
            raise
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return finish(graph_of(recording), config, options)


if __name__ == "__main__":
    sys.exit(main())
