"""The AWS API, called by service and operation name."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import boto3
from botocore import xform_name
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel, StructureShape

from local.resources.errors import ApiError

CONNECTIONS = 16  # a deployment calls one service from this many threads at most


class Clients:
    """One boto3 client a service, made when it is first needed and shared by all threads."""

    def __init__(
        self,
        session: boto3.Session,
        *,
        root: Path = Path(),
        endpoints: Mapping[str, str] | None = None,
        otherwise: str | None = None,
    ) -> None:
        """Use `session`.

        Args:
            session: whose credentials and region are used.
            root: the project's folder, which paths in a program's resources start from.
            endpoints: the address of each service that has one of its own.
            otherwise: that of the others; where the session leads if None.
        """
        self.root = root
        self._session = session
        self._endpoints, self._otherwise = dict(endpoints or {}), otherwise
        self._clients: dict[str, BaseClient] = {}
        self._lock = threading.Lock()
        self._account = ""

    @property
    def region(self) -> str:
        """The region that every call goes to."""
        return self._session.region_name or "us-east-2"

    @property
    def account(self) -> str:
        """The account that the credentials belong to; asked once."""
        if not self._account:
            self._account = str(self.call("sts", "GetCallerIdentity")["Account"])
        return self._account

    def client(self, service: str) -> BaseClient:
        """The boto3 client of a service."""
        # A boto3 session is not safe to make clients from in several threads; clients are.
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(  # pyright: ignore[reportCallIssue] - the stubs take literals alone
                    service,  # pyright: ignore[reportArgumentType] - the same
                    endpoint_url=self._endpoints.get(service, self._otherwise),
                    config=Config(
                        max_pool_connections=CONNECTIONS,
                        retries={"mode": "standard", "max_attempts": 4},
                    ),
                )
            return self._clients[service]

    def takes(self, service: str, operation: str) -> StructureShape:
        """AWS's description of what an operation takes."""
        shape = self._model(service, operation).input_shape
        return cast(StructureShape, shape)

    def answers(self, service: str, operation: str) -> StructureShape:
        """AWS's description of what an operation answers."""
        shape = self._model(service, operation).output_shape
        return cast(StructureShape, shape)

    def _model(self, service: str, operation: str) -> OperationModel:
        return self.client(service).meta.service_model.operation_model(operation)

    def call(self, service: str, operation: str, **parameters: object) -> dict[str, Any]:
        """Call `operation` (as AWS spells it) and return its answer.

        Raises:
            ApiError: AWS refused, or the call did not get through.
        """
        method = getattr(self.client(service), xform_name(operation))
        try:
            return method(**parameters)
        except ClientError as error:
            said = error.response.get("Error", {})
            raise ApiError(
                service, operation, said.get("Code", "Unknown"), said.get("Message", "")
            ) from error
        except BotoCoreError as error:
            raise ApiError(service, operation, type(error).__name__, str(error)) from error
