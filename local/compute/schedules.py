import logging
import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.compute.roles import RoleSessions

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_scheduler import EventBridgeSchedulerClient

_log = logging.getLogger(__name__)


class Schedules:
    """Turns every schedule that calls a function, each `turn` seconds, under the schedule's role.

    A local day is short: what AWS does each minute is done here each turn.
    """

    def __init__(
        self, scheduler: "EventBridgeSchedulerClient", roles: RoleSessions, turn: float
    ) -> None:
        self._scheduler = scheduler
        self._roles = roles
        self._turn = turn
        self._clients: dict[tuple[str, str], LambdaClient] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._forever, name="schedules", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Turn nothing more."""
        self._stopped.set()
        self._thread.join()

    def _forever(self) -> None:
        while not self._stopped.wait(self._turn):
            try:
                self._turn_all()
            except (ClientError, BotoCoreError) as error:
                if not self._stopped.is_set():
                    _log.warning("the schedules were not turned: %s", error)

    def _turn_all(self) -> None:
        pages = self._scheduler.get_paginator("list_schedules").paginate()
        for schedule in (schedule for page in pages for schedule in page["Schedules"]):
            target = schedule.get("Target", {}).get("Arn", "")
            if schedule.get("State") == "ENABLED" and ":lambda:" in target:
                self._call(schedule.get("GroupName", "default"), schedule.get("Name", ""))

    def _call(self, group: str, name: str) -> None:
        schedule = self._scheduler.get_schedule(GroupName=group, Name=name)
        target = schedule["Target"]
        # The Scheduler's context key names the group: its guide's page on the confused deputy.
        source = schedule["Arn"].replace(":schedule/", ":schedule-group/").rpartition("/")[0]
        try:
            self._client(target["RoleArn"], name, source).invoke(
                FunctionName=target["Arn"],
                InvocationType="Event",
                Payload=target.get("Input", "{}").encode(),
            )
        except (ClientError, BotoCoreError) as error:
            _log.warning("the schedule %s did not reach %s: %s", name, target["Arn"], error)

    def _client(self, role: str, name: str, source: str) -> "LambdaClient":
        if (role, name) not in self._clients:
            self._clients[role, name] = self._roles.functions(role, name, source)
        return self._clients[role, name]
