"""Images of this project as a Docker engine has them: built, started, and what they are made of."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import urllib3

from local.errors import LocalError

INVOCATIONS = "/2015-03-31/functions/function/invocations"
"""Where the runtime emulator in an image takes an event."""

PATIENCE = 60.0
"""Seconds from a container's start to its first answer."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds of a container's start, to its first answer.

    Attributes:
        whole: From the command that starts the container.
        function: From the event, at which the runtime begins to load the function.
    """

    whole: float
    function: float


class ImageError(LocalError):
    """Docker did not do what it was asked for."""


def build(recipe: Path, context: Path, tag: str, **arguments: str) -> None:
    """Builds an image.

    Args:
        recipe: The Dockerfile.
        context: The folder from which it copies.
        tag: Its name.
        arguments: Of the build.

    Raises:
        ImageError: With what Docker said.
    """
    given = [part for key, value in arguments.items() for part in ("--build-arg", f"{key}={value}")]
    # The host's network: a machine may reach its package index in no other way.
    _docker("build", "--quiet", "--network", "host", "-f", recipe, *given, "-t", tag, context)


def size(image: str) -> int:
    """Bytes of all layers together, unpacked."""
    return int(_docker("image", "inspect", "--format", "{{.Size}}", image))


def layers(image: str) -> list[str]:
    """The layers' digests, the base's first."""
    return json.loads(_docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image))


def newest_layer(image: str) -> int:
    """Bytes of the newest layer that holds anything, unpacked."""
    told = _docker("history", "--no-trunc", "--human=false", "--format", "{{.Size}}", image)
    return next(int(line) for line in told.splitlines() if int(line))


def start(image: str, event: bytes) -> Start:
    """Starts a container by itself, read-only, and sends it one event.

    Raises:
        ImageError: It does not start, or does not answer.
    """
    began = time.perf_counter()
    hardened = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL")  # noqa: S108 - the container's
    name = _docker("run", "--detach", *hardened, "--publish", "127.0.0.1:0:8080", image)
    try:
        port = _docker("port", name, "8080/tcp").rpartition(":")[2]
        function = _answered(f"http://127.0.0.1:{port}{INVOCATIONS}", event, began + PATIENCE)
        return Start(whole=time.perf_counter() - began, function=function)
    finally:
        _docker("rm", "--force", name)


def _answered(url: str, event: bytes, until: float) -> float:
    """Seconds of the first request that is answered; those before it found nobody listening."""
    while True:
        asked = time.perf_counter()
        try:
            answer = urllib3.request("POST", url, body=event, retries=False, timeout=PATIENCE)
        except urllib3.exceptions.HTTPError as error:
            if time.perf_counter() > until:
                raise ImageError(f"the container does not answer: {error}") from error
            time.sleep(0.02)
        else:
            if b"errorType" in answer.data:
                raise ImageError(f"the function failed: {answer.data.decode()}")
            return time.perf_counter() - asked


def remove(image: str) -> None:
    """Takes the name away, and what nothing else has."""
    _docker("rmi", image)


def _docker(*command: str | Path) -> str:
    done = subprocess.run(["docker", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ImageError(f"docker {command[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()
