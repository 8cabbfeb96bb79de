"""What the policy pack may cost, at figures on both sides of each mark."""

import pytest

from bench.policy_marks import LARGE, NO_PACK, Checked, growth, in_process, previews, system
from bench.preview import Spent
from bench.rows import OURS, Row

LARGEST = 100


def checked(program: float, judged: float, resources: int = 1_000) -> Checked:
    return Checked(resources=resources, program=program, judged=judged)


def spent(engine: float, *, program: float | None = None, resources: int = 1_000) -> Spent:
    """On a machine that takes ten seconds for the program of a thousand resources, or `program`."""
    taken = resources / 100 if program is None else program
    return Spent(clock=99.0, cpu=engine + taken, engine=engine, resources=resources)


def added(*seconds: float, resources: int = 1_000) -> list[dict[str, Spent]]:
    """A turn for each of what the pack costs the engine."""
    return [
        {
            NO_PACK: spent(8.0, resources=resources),
            OURS: spent(8.0 + more, resources=resources),
        }
        for more in seconds
    ]


def row_of(rows: list[Row], count: int) -> Row:
    return next(row for row in rows if row.what.startswith(f"{count} services"))


@pytest.mark.parametrize(("judged", "held"), [(0.5, True), (0.51, False)])
def test_the_systems_program_and_check_take_at_most_a_second_and_a_half(
    judged: float, *, held: bool
) -> None:
    assert system([checked(1.0, judged)], whole=9.0).held is held


@pytest.mark.parametrize(
    ("judged", "held"), [((9.0, 0.1, 0.1), True), ((9.0, 9.0, 0.1), False)], ids=["one", "most"]
)
def test_one_slow_process_of_three_does_not_count_for_the_system(
    judged: tuple[float, ...], *, held: bool
) -> None:
    assert system([checked(1.0, each) for each in judged], whole=9.0).held is held


@pytest.mark.parametrize(("judged", "held"), [(1.0, True), (1.01, False)])
def test_a_thousand_resources_take_program_and_check_at_most_five_seconds(
    judged: float, *, held: bool
) -> None:
    found = {LARGE: checked(4.0, judged), LARGEST: checked(4.0, judged)}

    assert row_of(in_process(found), LARGE).held is held


def test_only_a_thousand_resources_have_a_mark_of_seconds_in_process() -> None:
    found = {LARGE: checked(0.1, 0.1), LARGEST: checked(90.0, 90.0)}

    assert row_of(in_process(found), LARGEST).held is None


@pytest.mark.parametrize(("more", "held"), [(4.0, True), (4.01, False)])
def test_the_pack_adds_at_most_four_seconds_to_a_preview_of_a_thousand_resources(
    more: float, *, held: bool
) -> None:
    found = {LARGE: added(more), LARGEST: added(more)}

    assert row_of(previews(found), LARGE).held is held


def test_only_a_thousand_resources_have_a_mark_of_seconds_in_a_preview() -> None:
    found = {LARGE: added(1.0), LARGEST: added(90.0)}

    assert row_of(previews(found), LARGEST).held is None


@pytest.mark.parametrize(("engine", "held"), [(12.0, True), (12.1, False)])
def test_only_what_the_engine_and_the_pack_take_counts_in_a_preview(
    engine: float, *, held: bool
) -> None:
    turn = {NO_PACK: spent(8.0, program=90.0), OURS: spent(engine, program=90.0)}

    assert row_of(previews({LARGE: [turn], LARGEST: [turn]}), LARGE).held is held


@pytest.mark.parametrize(("engine", "held"), [(23.9, True), (24.1, False)])
def test_a_machine_that_got_half_as_fast_between_two_previews_does_not_count(
    engine: float, *, held: bool
) -> None:
    turn = {NO_PACK: spent(8.0, program=10.0), OURS: spent(engine, program=20.0)}

    assert row_of(previews({LARGE: [turn], LARGEST: [turn]}), LARGE).held is held


@pytest.mark.parametrize(
    ("more", "held"), [((90.0, 1.0, 1.0), True), ((90.0, 90.0, 1.0), False)], ids=["one", "most"]
)
def test_one_slow_turn_of_three_does_not_count_in_a_preview(
    more: tuple[float, ...], *, held: bool
) -> None:
    found = {LARGE: added(*more), LARGEST: added(1.0)}

    assert row_of(previews(found), LARGE).held is held


def test_a_preview_is_held_against_the_bare_one_of_its_own_turn() -> None:
    pairs = ((10.0, 13.0), (20.0, 23.0), (10.0, 90.0))
    turns = [{NO_PACK: spent(bare), OURS: spent(judged)} for bare, judged in pairs]

    assert row_of(previews({LARGE: turns, LARGEST: turns}), LARGE).held is True


@pytest.mark.parametrize(("ratio", "held"), [(1.49, True), (1.51, False)])
def test_a_resource_may_cost_half_as_much_again_in_the_largest_program(
    ratio: float, *, held: bool
) -> None:
    assert growth("a check", {1: 9.0, LARGE: 0.002, LARGEST: 0.002 * ratio}).held is held


@pytest.mark.parametrize(("judged", "held"), [(5.9, True), (6.1, False)])
def test_growth_in_process_is_of_a_resources_check(judged: float, *, held: bool) -> None:
    found = {LARGE: checked(9.0, 1.0), LARGEST: checked(1.0, judged, resources=4_000)}

    assert in_process(found)[-1].held is held


@pytest.mark.parametrize(("more", "held"), [(5.9, True), (6.1, False)])
def test_growth_in_previews_is_of_what_the_pack_adds_to_the_programs_own_cost(
    more: float, *, held: bool
) -> None:
    found = {LARGE: added(1.0), LARGEST: added(more, resources=4_000)}

    assert previews(found)[-1].held is held


def test_a_machine_that_was_slower_for_the_largest_program_is_no_growth() -> None:
    slow = {NO_PACK: spent(32.0, program=80.0), OURS: spent(48.0, program=80.0)}
    found = {LARGE: added(2.0), LARGEST: [slow]}

    assert previews(found)[-1].figures[OURS] == "200.00 (1.00 x)"


@pytest.mark.parametrize(
    ("smaller", "most"), [(-0.001, 5.0), (0.0, 5.0), (0.002, 0.0), (0.002, -0.001), (-2.0, -1.0)]
)
def test_growth_is_not_held_where_noise_leaves_no_cost_and_the_row_says_so(
    smaller: float, most: float
) -> None:
    row = growth("a check", {LARGE: smaller, LARGEST: most})

    assert row.held is False
    assert "noise" in row.note


def test_growth_that_could_be_told_needs_no_note() -> None:
    assert growth("a check", {LARGE: 0.002, LARGEST: 0.002}).note == ""
