"""Tables of cases: what breaks a control, and what it cannot decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from policy.control import Control, Verdicts
from policy.controls import catalogue
from policy.judge import judge
from tests.policy.sound.edits import Edit, both, given
from tests.policy.sound.parts import Json, arn, document
from tests.policy.sound.program import sound

CONTROLS: Mapping[str, Control] = {control.id: control for control in catalogue()}


@dataclass(frozen=True)
class Case:
    """One control: edits that break it, each alone, and edits after which it cannot tell.

    `base` comes before each: what the sound program has no use for. `holds` are further edits under
    which the control still holds.
    """

    control: str
    violated: tuple[Edit, ...]
    undecided: tuple[Edit, ...] = ()
    holds: tuple[Edit, ...] = ()
    base: tuple[Edit, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def judge(self, *edits: Edit) -> Verdicts:
        return judge(CONTROLS[self.control], sound(*self.base, *edits), self.parameters)


def rows(cases: tuple[Case, ...], verdict: str) -> list[Any]:
    """The rows of a table for one verdict, named by control and place in the table."""
    found: list[Any] = []
    for case in cases:
        edits = getattr(case, verdict)
        if verdict == "holds":
            edits = (both(), *edits)
        for index, edit in enumerate(edits):
            found.append(pytest.param(case, edit, id=f"{case.control}-{index}"))
    return found


def allows(name: str, *statements: Mapping[str, Any]) -> Edit:
    """An edit that replaces a policy document."""
    return given(name, policy=document(*statements))


def elsewhere(role: str) -> Edit:
    """An edit that gives a role a policy of another program: nobody here knows what is in it."""
    return given(role, managedPolicyArns=[arn("iam", "policy/theirs", regional=False)])


def may(action: str, resource: str = "*", **condition: Json) -> dict[str, Json]:
    found: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
    return found | ({"Condition": condition} if condition else {})


def lets(principal: Json, action: str = "sqs:SendMessage", **condition: Json) -> dict[str, Json]:
    """A statement of a resource policy."""
    return {**may(action, "*", **condition), "Principal": principal}
