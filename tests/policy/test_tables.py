"""Every control has a table of cases."""

import importlib
from pathlib import Path

from tests.policy.cases import CONTROLS, Case


def cases() -> list[Case]:
    found: list[Case] = []
    for path in sorted(Path(__file__).with_name("controls").glob("test_*.py")):
        found += importlib.import_module(f"tests.policy.controls.{path.stem}").CASES
    return found


def test_every_control_has_a_case_that_breaks_it() -> None:
    broken = {case.control for case in cases() if case.violated}
    assert broken == set(CONTROLS), "a Case in tests/policy/controls for each, and for no other"


def test_controls_without_an_undecided_case_are_few() -> None:
    without = {case.control for case in cases() if not case.undecided}
    assert len(without) < len(CONTROLS) / 6, sorted(without)
