"""Docker Compose: this machine's plugin, or the one that `tools/compose` locks, built by Go."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from local.errors import LocalError
from local.project import ROOT

TOOL = ROOT / "tools" / "compose"
BUILT = ROOT / ".engine" / "bin" / "docker-compose"
PACKAGE = "github.com/docker/compose/v2/cmd"


class NoComposeError(LocalError):
    """There is no Compose, and none can be built here."""


def command() -> list[str]:
    """What to type for `docker compose`.

    Raises:
        NoComposeError: There is no docker.
    """
    if shutil.which("docker") is None:
        raise NoComposeError("docker is missing, see https://docs.docker.com/engine/install/")
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ["docker", "compose"] if plugin.returncode == 0 else [str(BUILT)]


def ensure() -> None:
    """Leave `command` usable.

    Raises:
        NoComposeError: There is no docker; or no plugin, and Go is missing or cannot build one.
    """
    if command() != [str(BUILT)]:
        return
    locked = hashlib.sha256((TOOL / "go.sum").read_bytes()).hexdigest()
    stamp = BUILT.parent.parent / "built-compose"
    if BUILT.is_file() and stamp.exists() and stamp.read_text() == locked:
        return
    go = shutil.which("go")
    if go is None:
        raise NoComposeError("docker has no plugin compose, and there is no go to build one with")
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.write("building Docker Compose; minutes the first time\n")
    if subprocess.run([go, "build", "-o", BUILT, PACKAGE], cwd=TOOL, check=False).returncode != 0:
        raise NoComposeError("go could not build Docker Compose: its message is above")
    stamp.write_text(locked)


def configuration(root: Path) -> dict[str, Any]:
    """The project's compose file as it is written."""
    return yaml.safe_load((root / "docker-compose.yml").read_text())


if __name__ == "__main__":
    try:
        ensure()
    except NoComposeError as error:
        sys.exit(f"make compose: {error}")
    sys.stdout.write(" ".join(command()) + "\n")
