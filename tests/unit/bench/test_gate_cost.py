from bench.circuit.gate_cost import gate_cost


def test_the_real_gate_runs_over_the_real_client_without_a_network() -> None:
    cost = gate_cost()

    assert min(cost.batch, cost.read) > 0
