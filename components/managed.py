"""What the manager is told of the services, `MANAGED_FUNCTIONS`."""

from collections.abc import Iterable
from typing import Any

from components.names import Names
from components.services import Service

ANY = "{service}"
"""Where a service's name goes; the manager's settings put it there."""


def managed_functions(names: Names, mapped: Iterable[tuple[Service, object]]) -> dict[str, Any]:
    """How the things of each service are called, and what of a service does not follow from that.

    Lambda takes 4 KB of variables: what the services have in common is said once.

    Args:
        names: The stack's.
        mapped: Services, each with its mapping's UUID, which is AWS's own.
    """
    return {
        "names": {
            "function": names.of(ANY),
            "queue": names.queue_url(names.queue(ANY)),
            "dead_letter_queue": names.queue_url(names.dead_letter_queue(ANY)),
            "alarm": names.backstop_alarm(ANY),
        },
        "services": {
            service.name: {
                "mapping": mapping,
                "concurrency": service.concurrency,
                "timeout": service.timeout,
            }
            for service, mapping in mapped
        },
    }
