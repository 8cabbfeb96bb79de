from pathlib import Path

import pytest

from bench.circuit.run import run_one
from bench.rows import OURS
from bench.scaling import FLOWS, Flow, row, steady_rate
from bench.simulator.case import Result, Sample

PAGE = Path(__file__).parents[3] / "docs" / "scaling.md"


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        (Flow(arrive=10, concurrency=10, call=0.1), 10),
        (Flow(arrive=200, concurrency=10, call=0.1), 100),
        (Flow(arrive=200, concurrency=10, customers=3, call=0.1), 30),
    ],
    ids=["what arrives", "concurrency over the bank's time", "customers over the bank's time"],
)
def test_the_least_of_three_is_the_flow(flow: Flow, rate: float) -> None:
    assert flow.by_rule == pytest.approx(rate)


def test_the_start_does_not_count_in_the_steady_rate() -> None:
    done = {0.0: 0, 60.0: 100, 90.0: 1_000, 120.0: 1_300, 125.0: 9_000}
    samples = [
        Sample(at=at, backlog=0, completed=n, failed_calls=0, burned=0, state="closed")
        for at, n in done.items()
    ]
    assert steady_rate(Result(system="s", case="c", samples=samples)) == 20


def test_the_page_has_each_flow_with_its_rule_and_the_first_as_it_is_simulated() -> None:
    told = [line for line in PAGE.read_text().splitlines() if ", concurrency " in line]
    assert [line.split(" | ")[:2] for line in told] == [
        [f"| {flow.what}", f"{flow.by_rule:,.0f}/s"] for flow in FLOWS
    ]
    simulated = row(FLOWS[0], run_one(FLOWS[0].job()))
    assert simulated.figures[OURS].split(",")[0] == told[0].split(" | ")[2].removesuffix(" |")
