"""Each control holds on the sound program, is violated by each bad edit, and guesses nothing."""

import pytest

from tests.policy.cases import Case, rows
from tests.policy.controls.tables import CASES
from tests.policy.sound.edits import Edit


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "holds"))
def test_holds_on_a_sound_program(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.holds
    assert verdicts.judged


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "violated"))
def test_is_violated(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.violations
    assert not verdicts.crashes


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "undecided"))
def test_is_undecided_and_says_what_is_not_known(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.undecided
    assert all(said.path for _, said in verdicts.undecided)
    assert not verdicts.violations
    assert not verdicts.crashes
