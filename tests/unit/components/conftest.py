import pytest

from tests.unit.components.harness import STACKS, Graph, graph


@pytest.fixture(params=STACKS)
def any_stack(request: pytest.FixtureRequest) -> Graph:
    """Each stack in turn."""
    return graph(request.param)


@pytest.fixture
def local() -> Graph:
    return graph("local")


@pytest.fixture
def dev() -> Graph:
    return graph("dev")


@pytest.fixture
def prod() -> Graph:
    return graph("prod")
