"""Docker as the tests use it: an image of a service, a container that is called."""

import subprocess
import time
from pathlib import Path

import urllib3

from local.containers import images

ROOT = Path(__file__).resolve().parents[2]
SERVICES = tuple(
    sorted(path.parent.name.replace("_", "-") for path in ROOT.glob("handlers/*/app.py"))
)


def docker(*command: str) -> str:
    """Runs a docker command and gives what it printed."""
    done = subprocess.run(
        ["docker", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"docker {' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


def build(service: str, base: str, context: Path = ROOT) -> str:
    """The image of a service, by the one recipe."""
    tag = f"{service}-test"
    arguments = {"BASE_IMAGE": base, "SERVICE": service}
    images.build(context / "handlers/Dockerfile", context, tag, **arguments)
    return tag


class Container:
    """A running image, called as the runtime emulator is called."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self._port = name, port
        self._http = urllib3.PoolManager(retries=False, timeout=20)

    def invoke(self, payload: bytes) -> urllib3.BaseHTTPResponse:
        """One invocation; waits for the emulator to listen."""
        url = f"http://127.0.0.1:{self._port}{images.INVOCATIONS}"
        deadline = time.monotonic() + 20
        while True:
            try:
                return self._http.request("POST", url, body=payload)
            except urllib3.exceptions.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


class Containers:
    """Starts containers as hardened as Lambda runs them, and removes them."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def start(self, image: str, **environment: str) -> Container:
        """Read-only but for /tmp, without capabilities, on a free port of the loopback address."""
        variables = [part for k, v in environment.items() for part in ("--env", f"{k}={v}")]
        name = docker(
            *("run", "--detach", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"),  # noqa: S108 - the container's
            *("--publish", "127.0.0.1:0:8080", *variables, image),
        )
        self._names.append(name)
        port = docker("port", name, "8080/tcp").rpartition(":")[2]
        return Container(name, int(port))

    def remove(self) -> None:
        """Ends all that were started."""
        for name in self._names:
            docker("rm", "--force", name)
