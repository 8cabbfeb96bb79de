"""Real images on a real engine; skipped with the reason where there can be none, never in CI."""

from collections.abc import Iterator

import pytest

from local.containers import base_image, engine
from local.errors import LocalError
from tests.absent import absent
from tests.docker.docker_commands import ROOT, SERVICES, Containers, build


@pytest.fixture(scope="session")
def base() -> str:
    """A base image to build on."""
    try:
        engine.ensure(ROOT / ".local/docker")
        return base_image.ensure()
    except LocalError as reason:
        absent(str(reason))


@pytest.fixture(scope="session")
def images(base: str) -> dict[str, str]:
    """The image of each service."""
    return {service: build(service, base) for service in SERVICES}


@pytest.fixture
def containers() -> Iterator[Containers]:
    """Containers that are gone after the test."""
    started = Containers()
    yield started
    started.remove()
