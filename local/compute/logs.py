import logging
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.compute.roles import RoleSessions
from local.compute.rounds import Rounds
from local.compute.settings import FunctionSettings
from local.compute.worker import Worker, output_file

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import InputLogEventTypeDef

_log = logging.getLogger(__name__)
# Seconds between two deliveries.
INTERVAL = 1.0
# Less than PutLogEvents takes of either:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
_MOST_EVENTS = 1000
_LONGEST = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class _Stream:
    name: str
    settings: FunctionSettings = field(compare=False)


class Logs:
    """Takes what workers print to a file each function, and to its CloudWatch log group.

    The calls are made under the function's own role, as Lambda's are: a role without the grant
    has no logs in CloudWatch, and its runs go on.
    """

    def __init__(self, roles: RoleSessions, directory: Path) -> None:
        self._roles = roles
        self._directory = directory
        self._pending: defaultdict[_Stream, list[InputLogEventTypeDef]] = defaultdict(list)
        self._clients: dict[str, CloudWatchLogsClient] = {}
        self._known: set[_Stream] = set()
        self._refused: set[str] = set()
        self._lock = threading.Lock()
        (directory / "functions").mkdir(parents=True, exist_ok=True)
        self._rounds = Rounds("logs", INTERVAL, self._flush)

    def write(self, worker: Worker, line: str) -> None:
        """Keep a line that a worker printed, or that Lambda adds to its log."""
        event: InputLogEventTypeDef = {
            "timestamp": int(time.time() * 1000),
            "message": line[:_LONGEST] or " ",
        }
        stream = _Stream(settings=worker.settings, name=worker.stream)
        with self._lock:
            self._pending[stream].append(event)

    def stop(self) -> None:
        """Deliver what is left."""
        self._rounds.stop()

    def _flush(self) -> None:
        with self._lock:
            pending, self._pending = self._pending, defaultdict(list)
        for stream, events in pending.items():
            self._keep(stream, events)
            self._deliver(stream, events)

    def _keep(self, stream: _Stream, events: "list[InputLogEventTypeDef]") -> None:
        with output_file(self._directory, stream.settings.name).open("a") as file:
            file.writelines(f"{event['message']}\n" for event in events)

    def _deliver(self, stream: _Stream, events: "list[InputLogEventTypeDef]") -> None:
        settings = stream.settings
        try:
            client = self._client(settings)
            if stream not in self._known:
                client.create_log_stream(logGroupName=settings.log_group, logStreamName=stream.name)
                self._known.add(stream)
            for start in range(0, len(events), _MOST_EVENTS):
                client.put_log_events(
                    logGroupName=settings.log_group,
                    logStreamName=stream.name,
                    logEvents=events[start : start + _MOST_EVENTS],
                )
        except (ClientError, BotoCoreError) as error:
            if settings.role not in self._refused:
                self._refused.add(settings.role)
                _log.warning("no logs of %s in CloudWatch: %s", settings.name, error)

    def _client(self, settings: FunctionSettings) -> "CloudWatchLogsClient":
        if settings.role not in self._clients:
            self._clients[settings.role] = self._roles.logs(settings.role, settings.name)
        return self._clients[settings.role]
