"""Images of this project as a Docker engine has them: built, and what they are made of."""

import json
import subprocess
from pathlib import Path

from local.errors import LocalError


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


def remove(image: str) -> None:
    """Takes the name away, and what nothing else has."""
    _docker("rmi", image)


def _docker(*command: str | Path) -> str:
    done = subprocess.run(["docker", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ImageError(f"docker {command[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()
