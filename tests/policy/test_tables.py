"""Every control has a table of cases."""

from tests.policy.cases import CONTROLS
from tests.policy.controls.tables import CASES


def test_every_control_has_a_case_that_breaks_it() -> None:
    broken = {case.control for case in CASES if case.violated}
    assert broken == set(CONTROLS), "a Case in tests/policy/controls for each, and for no other"


def test_controls_without_an_undecided_case_are_few() -> None:
    without = {case.control for case in CASES if not case.undecided}
    assert len(without) < len(CONTROLS) / 6, sorted(without)
