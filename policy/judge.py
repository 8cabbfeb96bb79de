"""Runs one control over one graph; the control's mistakes stay its own."""

import traceback
from collections.abc import Mapping

from policy.control import Context, Control, Undecided, Verdicts, Violation
from policy.graph import Graph
from policy.resource import NotKnownError, Resource


def judge(
    control: Control, graph: Graph, parameters: Mapping[str, object] | None = None
) -> Verdicts:
    """What a control says about every resource that it judges.

    A value that is not known leaves that one resource undecided, a check that raises is named
    with the resource it broke on; both go on with the next resource.
    """
    context = control.context(graph, parameters)
    violations: list[tuple[Resource, Violation]] = []
    undecided: list[tuple[Resource, Undecided]] = []
    crashes: list[tuple[Resource, str]] = []
    resources = graph.of(*control.judges)
    for resource in resources:
        try:
            _collect(control, resource, context, violations, undecided)
        except NotKnownError as error:
            at = graph.at(error.resource) or resource
            undecided.append((at, Undecided(path=error.path)))
        except Exception as error:  # noqa: BLE001 (a broken control must not end the run)
            crashes.append((resource, _place(error)))
    return Verdicts(
        control=control,
        judged=len(resources),
        violations=tuple(violations),
        undecided=tuple(undecided),
        crashes=tuple(crashes),
    )


def _collect(
    control: Control,
    resource: Resource,
    context: Context,
    violations: list[tuple[Resource, Violation]],
    undecided: list[tuple[Resource, Undecided]],
) -> None:
    for said in control.check(resource, context):
        at = said.resource or resource
        if isinstance(said, Violation):
            violations.append((at, said))
        else:
            undecided.append((at, said))


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.name}, line {frame.lineno})"
