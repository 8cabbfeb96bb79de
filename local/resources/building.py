"""Images that are really built and pushed: where a registry of this machine is configured.

`LOCAL_REGISTRY` (host:port) stands for the account's own registry: what the program pushes to
`ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG` goes to `LOCAL_REGISTRY/NAME:TAG`.
"""

import os
import subprocess
import threading
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from local.resources.errors import ApiError
from local.resources.kind import Properties

VARIABLE = "LOCAL_REGISTRY"
MANIFEST = (
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json"
)
"""The two forms of one image; an index of several is not what a function runs."""

LOOPBACK = ("127.0.0.1", "localhost")
PATIENCE = 30.0
"""Seconds for the registry to answer."""

PUSHING = threading.Lock()
"""One push at a time: Docker then sends the layers that images share once, and mounts them."""


def registry() -> str:
    """The registry to push to; empty where images are built nowhere.

    Raises:
        ApiError: it is not on this machine.
    """
    address = os.environ.get(VARIABLE, "")
    if address and urlsplit(f"//{address}").hostname not in LOOPBACK:
        raise ApiError("docker", "push", "Elsewhere", f"{VARIABLE} {address} is not this machine")
    return address


def build_and_push(root: Path, inputs: Properties, name: str, address: str) -> str:
    """Build an image by its recipe and push it.

    Args:
        root: the project's folder, which the build's paths start from.
        inputs: those of the image resource.
        name: `repository:tag`.
        address: of the registry.

    Returns:
        The manifest as the registry has it, byte for byte: its digest is the image's.

    Raises:
        ApiError: Docker or the registry did not do it; the text has their last words.
    """
    build: Properties = inputs.get("build") or {}
    context = build.get("context", ".")
    arguments = [f"--build-arg={key}={value}" for key, value in (build.get("args") or {}).items()]
    platform = [f"--platform={build['platform']}"] if build.get("platform") else []
    recipe = build.get("dockerfile", f"{context}/Dockerfile")
    target = f"{address}/{name}"
    # The machine's own network: a build reaches the package index as everything else here does.
    _docker(
        root,
        "build",
        "--force-rm",
        "--network=host",
        *platform,
        *arguments,
        "-f",
        recipe,
        "-t",
        target,
        context,
    )
    with PUSHING:
        _docker(root, "push", target)
    return _manifest(address, *name.rsplit(":", 1))


def _docker(root: Path, *command: str) -> None:
    # With an attestation, what is pushed is an index of two, which Lambda refuses.
    environment = {**os.environ, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
    done = subprocess.run(
        ["docker", *command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-600:]
        raise ApiError("docker", command[0], "Failed", said)


def _manifest(address: str, repository: str, tag: str) -> str:
    address = f"http://{address}/v2/{repository}/manifests/{tag}"
    answer = urllib3.request("GET", address, headers={"Accept": MANIFEST}, timeout=PATIENCE)
    if answer.status != HTTPStatus.OK:
        raise ApiError("docker", "push", "NoManifest", f"the registry answers {answer.status}")
    return answer.data.decode()
