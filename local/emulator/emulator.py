import errno
import json
import os
import socket
import ssl
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from local.emulator import routes
from local.emulator.errors import (
    EmulatorDiedError,
    EmulatorError,
    EmulatorNotRunningError,
    PortInUseError,
)
from local.project import ROOT
from local.stopping import Running
from local.waiting import ended

ACCOUNT_ID = "123456789012"
REGION = "us-east-2"
ROOT_KEY = "test"
LOOPBACK = "127.0.0.1"
WITHOUT_PROFILE = {"profile": (None, None, None, None)}
"""For a session to which AWS_PROFILE is nothing: its user's accounts are none of ours."""

_STOP_SECONDS = 30.0  # one that is killed leaves its certificate, and no record

Argument = Any  # of botocore's own method, handed on as it came


@dataclass(frozen=True, kw_only=True)
class Emulator(Running):
    """A running embedded AWS and all that a client needs to reach it.

    Its process ends when `stop` is called, and also when the process that started it dies: the
    child reads a pipe that only its starter holds.
    """

    directory: Path
    port: int
    region: str = REGION
    account_id: str = ACCOUNT_ID
    process: subprocess.Popen[str] | None = None

    @classmethod
    def start(cls, directory: Path, port: int | None = None, *, address: str = LOOPBACK) -> Self:
        """Start the emulator and return once it answers.

        Args:
            directory: where the log and the certificate go; made if absent.
            port: a free one if None.
            address: to listen on; another than the loopback address is for a container alone.

        Raises:
            PortInUseError: another program listens on the port.
            EmulatorError: this process may not listen there.
            EmulatorDiedError: the process ended during its start.
        """
        home = directory.resolve() / "emulator"
        home.mkdir(parents=True, exist_ok=True)
        with _listen(address, port) as listener, (home / "emulator.log").open("w") as log:
            number = int(listener.getsockname()[1])
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "local.emulator.process",
                    *("--home", str(home), "--socket", str(listener.fileno())),
                    *("--port", str(number), "--account", ACCOUNT_ID, "--region", REGION),
                    *("--key", ROOT_KEY),
                ],
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT)},
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        emulator = cls(directory=home, port=number, process=process)
        try:
            emulator._await_ready()
        except BaseException:
            emulator.stop()
            raise
        return emulator

    @classmethod
    def attach(cls, directory: Path) -> Self:
        """Find the emulator that another process started with the same directory.

        Raises:
            EmulatorNotRunningError: none was started there, or it has ended.
        """
        home = directory.resolve() / "emulator"
        try:
            found = json.loads((home / "emulator.json").read_text())
        except FileNotFoundError as error:
            raise EmulatorNotRunningError(f"no emulator was started in {directory}") from error
        emulator = cls(directory=home, port=found["port"])
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", emulator.port)) != 0:
                raise EmulatorNotRunningError(
                    f"the emulator of {directory} does not answer on port {emulator.port}"
                )
        return emulator

    @property
    def endpoint(self) -> str:
        """The one URL of every service."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca_bundle(self) -> Path:
        """The certificate that signs the endpoint's."""
        return self.directory / "ca.pem"

    @property
    def log(self) -> Path:
        """Where the emulator writes what it has to say."""
        return self.directory / "emulator.log"

    def environment(self) -> dict[str, str]:
        """What an AWS client needs in its environment to be root of the emulated account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def session(self) -> boto3.Session:
        """A session as root of the emulated account, whatever this process's environment says."""
        core = self.anonymous_session()
        core.set_credentials(ROOT_KEY, ROOT_KEY)
        return boto3.Session(botocore_session=core)

    def anonymous_session(self) -> botocore.session.Session:
        """A session that leads here and has no credentials yet."""
        core = _LocalSession(session_vars=WITHOUT_PROFILE)
        core.register_component("data_loader", _descriptions())
        core.endpoint = self.endpoint
        core.set_config_variable("ca_bundle", str(self.ca_bundle))
        core.set_config_variable("region", self.region)
        core.set_default_client_config(
            Config(
                connect_timeout=3,
                read_timeout=70,
                max_pool_connections=50,
                retries={"mode": "standard", "total_max_attempts": 3},
            )
        )
        return core

    def run_functions_at(self, url: str | None) -> None:
        """Say who runs functions: the URL of a server with Lambda's Invoke API, None for nobody.

        Raises:
            OSError: the emulator does not answer.
        """
        request = urllib.request.Request(  # noqa: S310 - the emulator's own address
            self.endpoint + routes.RUNNER,
            data=json.dumps({"url": url}).encode(),
            method="PUT",
        )
        trust = ssl.create_default_context(cafile=str(self.ca_bundle))
        urllib.request.urlopen(request, context=trust, timeout=5).close()  # noqa: S310 - see above

    def check(self) -> None:
        """Raise EmulatorDiedError if the process that was started here has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise EmulatorDiedError(self.process.returncode, self.log)

    def stop(self) -> None:
        """End the process and remove what it left, but for its log. Safe to call twice."""
        if self.process is None:
            raise EmulatorError("only the process that started the emulator can stop it")
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        ended(self.process, within=_STOP_SECONDS)

    def _await_ready(self) -> None:
        if self.process is None or self.process.stdout is None:
            raise EmulatorError("the emulator was not started by this process")
        if self.process.stdout.readline() != "ready\n":
            raise EmulatorDiedError(self.process.wait(), self.log)


@cache
def _descriptions() -> Loader:
    """AWS's descriptions of its services: megabytes of JSON, read once for all sessions."""
    return create_loader()


class _LocalSession(botocore.session.Session):
    """Gives every client its endpoint as an argument: a variable of the environment loses to it."""

    endpoint = ""

    def create_client(self, *args: "Argument", **named: "Argument") -> BaseClient:
        return super().create_client(*args, **{**named, "endpoint_url": self.endpoint})


def _listen(address: str, port: int | None) -> socket.socket:
    """Bind before the child exists, so that no other program can take the port in between."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port or 0))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(port or 0) from error
        raise EmulatorError(
            f"cannot listen on port {port} of {address}: {error.strerror}"
        ) from error
    return listener
