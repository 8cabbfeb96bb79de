import pytest

from bench.cold_start import STARTS, cpu_of_start
from components.services import SERVICES


def test_every_function_is_started() -> None:
    assert STARTS.keys() == {*(service.name for service in SERVICES), "subscription-manager"}


@pytest.mark.parametrize("service", STARTS)
def test_a_function_starts_with_what_the_program_gives_it(service: str) -> None:
    assert cpu_of_start(service, STARTS[service]) > 0
