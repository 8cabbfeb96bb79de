"""Whether AWS has room for the services: what grows with each, measured before any resource.

AWS itself would refuse one too many in the middle of a deployment.
"""

import json
from collections.abc import Iterator, Sequence

from components.errors import SettingsError, Violation
from components.functions import telemetry_grants
from components.grants import role_policy
from components.managed import managed_functions
from components.manager_grants import manager_grants
from components.names import MANAGER, Names
from components.services import Service
from components.stage import Stage

LIST_ROOM = 3072
"""Bytes for the manager's list, of the 4,096 that Lambda takes of all variables of a function.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

POLICY_ROOM = 10_240
"""Characters of a role's inline policies in all; white space does not count.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

MAPPING_ID = "00000000-0000-0000-0000-000000000000"


def confirm_room(stage: Stage) -> None:
    """Compare what the services need with what AWS takes.

    Raises:
        SettingsError: If there are too many, or their names are too long.
    """
    if found := list(too_much(stage.names, stage.services)):
        raise SettingsError(found)


def too_much(names: Names, services: Sequence[Service]) -> Iterator[Violation]:
    """What AWS would not take; no other function or role is told of every service as much."""
    for key, size, most, unit in (
        ("MANAGED_FUNCTIONS", listed_bytes(names, services), LIST_ROOM, "bytes"),
        (names.role_arn(MANAGER), granted_characters(names, services), POLICY_ROOM, "characters"),
    ):
        if size > most:
            value = f"{size} {unit} for {len(services)} services"
            advice = "shorten names, or take services to another project"
            rule = f"it must be at most {most} {unit}: {advice}"
            yield Violation(key=key, value=value, rule=rule)


def listed_bytes(names: Names, services: Sequence[Service]) -> int:
    """How long the manager's list will be, as Lambda measures variables: as JSON."""
    told = managed_functions(names, [(service, MAPPING_ID) for service in services])
    return len(json.dumps(json.dumps(told)))


def granted_characters(names: Names, services: Sequence[Service]) -> int:
    """How long the policy of the manager's role will be, as IAM measures it."""
    grants = [*telemetry_grants(names, MANAGER), *manager_grants(names, services)]
    return len("".join(role_policy(grants).split()))
