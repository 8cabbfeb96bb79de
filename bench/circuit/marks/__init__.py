"""What must hold of the circuit, judged over the results of one run."""

from bench.circuit.marks.cost import calls, gate, halves, neighbour, strays
from bench.circuit.marks.faults import deaths, faults_of_ours, no_errors
from bench.circuit.marks.judged import Judged, Ran
from bench.circuit.marks.recovery import recovery
from bench.circuit.marks.safety import beyond_retention, nothing_lost, outcome_unknown
from bench.rows import Row


def rows(ran: Ran) -> list[Row]:
    """The table of the circuit."""
    judged = Judged(ran)
    return [
        *nothing_lost(judged),
        *beyond_retention(judged),
        *outcome_unknown(judged),
        *neighbour(judged),
        *strays(judged),
        *halves(judged),
        *calls(judged),
        *recovery(judged),
        *faults_of_ours(judged),
        *deaths(judged),
        *gate(judged),
        *no_errors(judged),
    ]
