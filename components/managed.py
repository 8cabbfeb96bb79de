"""The manager's list of services, `MANAGED_FUNCTIONS`, and whether Lambda takes it."""

import json
from collections.abc import Sequence
from typing import Any

from components.names import Names
from components.services import Service

ROOM = 3072
"""Bytes for the list, of the 4,096 that Lambda takes of all variables of a function.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

MAPPING_ID = "00000000-0000-0000-0000-000000000000"


def managed_entry(
    names: Names,
    service: Service,
    *,
    mapping: object,
    queue: object,
    dead_letter_queue: object,
) -> dict[str, Any]:
    """What the manager is told of a service; the last three are AWS's: an id and two URLs."""
    return {
        "service": service.name,
        "function": names.of(service.name),
        "mapping": mapping,
        "queue": queue,
        "dead_letter_queue": dead_letter_queue,
        "concurrency": service.concurrency,
        "timeout": service.timeout,
        "alarm": names.backstop_alarm(service.name),
    }


def listed_bytes(names: Names, services: Sequence[Service]) -> int:
    """How long the list of these services will be, as Lambda measures variables: as JSON."""
    entries = [
        managed_entry(
            names,
            service,
            mapping=MAPPING_ID,
            queue=names.queue_url(names.queue(service.name)),
            dead_letter_queue=names.queue_url(names.dead_letter_queue(service.name)),
        )
        for service in services
    ]
    return len(json.dumps(json.dumps(entries)))
