"""Start the bank in a process of its own, steer it, and read its books."""

import contextlib
import os
import select
import subprocess
import sys
from typing import Self

import msgspec
import urllib3

from local.bank.books import Extract
from local.bank.desk import SETTINGS, Settings
from local.bank.faults import Fault
from local.bank.server import Address
from local.project import ROOT
from local.stopping import Running
from local.waiting import ended

START_SECONDS = 20.0
STOP_SECONDS = 5.0


class BankError(Exception):
    """The bank did not start, or did not take a command."""


class Bank:
    """Steers a running bank by its control address."""

    def __init__(self, *, url: str, control_url: str) -> None:
        self.url = url
        self.control_url = control_url
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5.0))

    def settings(self) -> Settings:
        """The settings in force."""
        return msgspec.json.decode(self._send("GET", "settings"), type=Settings)

    def set(self, settings: Settings) -> None:
        """Change the settings: a rotated API key, a shorter memory, a lying health endpoint."""
        self._send("PUT", "settings", msgspec.json.encode(settings))

    def break_with(self, *faults: Fault) -> None:
        """Put these faults in force and no other."""
        self._send("PUT", "faults", msgspec.json.encode(faults))

    def heal(self) -> None:
        """End every fault."""
        self._send("DELETE", "faults")

    def faults(self) -> list[Fault]:
        """The faults in force."""
        return msgspec.json.decode(self._send("GET", "faults"), type=list[Fault])

    def books(self, *, calls_from: int = 0, bookings_from: int = 0) -> Extract:
        """The books, from these many calls and bookings on."""
        query = f"books?calls_from={calls_from}&bookings_from={bookings_from}"
        return msgspec.json.decode(self._send("GET", query), type=Extract)

    def close(self) -> None:
        """Give the connections back."""
        self._http.clear()

    def _send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        try:
            answer = self._http.request(method, f"{self.control_url}/_bank/{path}", body=body)
        except urllib3.exceptions.HTTPError as error:
            raise BankError(f"the bank at {self.control_url} does not answer: {error}") from error
        if answer.status != 200:  # noqa: PLR2004 - HTTP
            raise BankError(f"the bank refused {method} {path}: {answer.data.decode()}")
        return answer.data


class BankProcess(Bank, Running):
    """A bank of our own; ends with `stop`, with the `with` block, or with this process."""

    def __init__(self, process: subprocess.Popen[bytes], address: Address) -> None:
        super().__init__(url=address.url, control_url=address.control_url)
        self._process = process

    @classmethod
    def start(cls, settings: Settings, *, port: int = 0) -> Self:
        """Start the server and wait until it serves.

        Raises:
            BankError: it did not come up; the text has the server's own words.
        """
        return cls.of(cls.spawn(settings, port=port))

    @staticmethod
    def spawn(settings: Settings, *, port: int = 0) -> subprocess.Popen[bytes]:
        """Start the server without waiting, so that the caller can load other things meanwhile."""
        return subprocess.Popen(
            [sys.executable, "-m", "local.bank", "--ends-with-stdin", "--port", str(port)],
            cwd=ROOT,
            # Not among the arguments, which every user of the machine may read.
            env={**os.environ, SETTINGS: msgspec.json.encode(settings).decode()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # the terminal's Ctrl-C is the supervisor's to handle
        )

    @classmethod
    def of(cls, process: subprocess.Popen[bytes]) -> Self:
        """The bank of a process from `spawn`, once it serves.

        Raises:
            BankError: it did not come up.
        """
        if process.stdout is None or process.stderr is None:
            raise BankError("the bank's process was not started by spawn")
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else b""
        try:
            return cls(process, msgspec.json.decode(line, type=Address))
        except msgspec.DecodeError as error:
            process.kill()
            words = process.stderr.read().decode().strip()
            _reap(process)
            raise BankError(words or "the bank did not come up in time") from error

    @property
    def alive(self) -> bool:
        """Whether the server's process is still there."""
        return self._process.poll() is None

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        """End a process from `spawn`, whether it serves or not yet, and wait for its end."""
        if process.poll() is None:
            process.terminate()
        _reap(process)

    def stop(self) -> None:
        """End the server; calling it twice is harmless."""
        self.close()
        self.end(self._process)


def _reap(process: subprocess.Popen[bytes]) -> None:
    ended(process, within=STOP_SECONDS)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
