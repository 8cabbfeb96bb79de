"""The situations of the circuit's table, by how many of them are asked for."""

from bench.circuit.bank_faults import (
    beyond_retention,
    crowded_strays,
    grid,
    halves,
    neighbours,
    ranges,
    recovery,
    strays,
    unknown,
)
from bench.circuit.job import Job
from bench.circuit.own_faults import deaths, faults_of_ours, long_defect


def jobs(depth: str) -> list[Job]:
    """All of one depth: "quick", "default" or "all"."""
    chosen = [
        *grid(depth),
        *neighbours(),
        *strays(depth),
        *crowded_strays(depth),
        *halves(),
        *recovery(depth),
        *faults_of_ours(depth),
        *long_defect(),
        *deaths(depth),
        *ranges(depth),
        *unknown(depth),
    ]
    return chosen if depth == "quick" else [*chosen, *beyond_retention()]
