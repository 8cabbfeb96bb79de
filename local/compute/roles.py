import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    Credentials,
    RefreshableCredentials,
)

from local.emulator import Emulator

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_sqs import SQSClient


def _called_by(what: str) -> Config:
    """Says at the end of the user agent that it is not the function's own code that calls."""
    return Config(user_agent_extra=f"caller/{what}")


class RoleSessions:
    """Sessions under roles of the emulated account, renewed by themselves, one a role."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._sts = emulator.session().client("sts")
        self._sessions: dict[tuple[str, str], boto3.Session] = {}
        self._lock = threading.Lock()

    def sqs(self, role: str, name: str) -> "SQSClient":
        """A client under a role (its ARN), in a session with the function's name, as in Lambda."""
        with self._lock:
            return self._session(role, name).client("sqs", config=_called_by("mapping"))

    def logs(self, role: str, name: str) -> "CloudWatchLogsClient":
        """The same for CloudWatch Logs."""
        with self._lock:
            return self._session(role, name).client("logs", config=_called_by("logs"))

    def functions(self, role: str, name: str, source: str = "") -> "LambdaClient":
        """The same for Lambda; `source` is the ARN for which a service of AWS assumes the role."""
        with self._lock:
            session = self._session(role, name, source)
            return session.client("lambda", config=_called_by("schedule"))

    def environment(self, role: str, name: str) -> dict[str, str]:
        """The role's credentials of now, as variables of a worker's environment."""
        with self._lock:
            credentials = self._session(role, name).get_credentials()
        if credentials is None:
            raise LookupError(f"{role} gave no credentials")
        frozen = credentials.get_frozen_credentials()
        return {
            "AWS_ACCESS_KEY_ID": frozen.access_key or "",
            "AWS_SECRET_ACCESS_KEY": frozen.secret_key or "",
            "AWS_SESSION_TOKEN": frozen.token or "",
        }

    def _session(self, role: str, name: str, source: str = "") -> boto3.Session:
        found = self._sessions.get((role, name))
        if found is None:
            found = self._sessions[role, name] = self._assume(role, name, source)
        return found

    def _assume(self, role: str, name: str, source: str) -> boto3.Session:
        def fetch() -> dict[str, str]:
            # A session's name has 2 to 64 characters, a function's 1 to 64.
            session = name.ljust(2, "-")
            on_behalf: Any = {"ExternalId": source} if source else {}
            given = self._sts.assume_role(RoleArn=role, RoleSessionName=session, **on_behalf)[
                "Credentials"
            ]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        core = self._emulator.anonymous_session()
        core.register_component("credential_provider", CredentialResolver([_Assumed(fetch)]))
        return boto3.Session(botocore_session=core)


class _Assumed(CredentialProvider):
    METHOD = "assume-role"
    CANONICAL_NAME = None

    def __init__(self, fetch: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._fetch = fetch

    def load(self) -> Credentials:
        metadata: dict[str, Any] = self._fetch()
        return RefreshableCredentials.create_from_metadata(metadata, self._fetch, self.METHOD)
