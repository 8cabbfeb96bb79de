from components import metrics
from control import stack
from handlers.common.telemetry import logs


def test_alarms_and_the_operators_command_look_for_metrics_where_the_functions_write_them() -> None:
    """No part may know another, so each has the name; under a wrong one AWS finds nothing."""
    assert metrics.OWN == stack.METRICS == logs.NAMESPACE
