"""What is in each image, as CycloneDX: `python -m tools.sbom` writes .local/sbom/SERVICE.json.

The locked packages, our own files and the base image by its digest; what the base image holds is
for a scanner of images to say.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from components.images import ROOT, contents
from components.names import MANAGER
from components.services import SERVICES

FOLDER = ROOT / ".local" / "sbom"
LOCKED = ROOT / "requirements" / "handlers.txt"
BASE = re.compile(
    r"^ARG BASE_IMAGE=(?P<name>\S+):(?P<version>\S+)@sha256:(?P<digest>\w+)$", re.MULTILINE
)

Bom = dict[str, Any]


def services() -> list[str]:
    """The services that have an image of their own."""
    return [*(service.name for service in SERVICES), MANAGER]


def packages() -> Bom:
    """The document of what is locked for every image."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible"]
    done = subprocess.run([*command, str(LOCKED)], capture_output=True, check=True)
    return json.loads(done.stdout)


def of_image(service: str, locked: Bom) -> Bom:
    """The document of one image."""
    files = [_file(path, text) for path, text in contents(service).items() if path.suffix == ".py"]
    parts = [_base_image(), *files, *locked["components"]]
    image = {"type": "container", "bom-ref": service, "name": service}
    contained = {"ref": service, "dependsOn": sorted(part["bom-ref"] for part in parts)}
    return {
        **locked,
        "metadata": {**locked["metadata"], "component": image},
        "components": parts,
        "dependencies": [contained, *locked["dependencies"]],
    }


def _base_image() -> Bom:
    found = BASE.search((ROOT / "handlers" / "Dockerfile").read_text())
    if found is None:
        raise ValueError("handlers/Dockerfile pins no base image by its digest")
    return {
        "type": "container",
        "bom-ref": "base-image",
        "name": found["name"],
        "version": found["version"],
        "hashes": [{"alg": "SHA-256", "content": found["digest"]}],
    }


def _file(path: Path, content: bytes) -> Bom:
    return {
        "type": "file",
        "bom-ref": str(path),
        "name": str(path),
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
    }


def main() -> int:
    """Write all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    locked = packages()
    for service in services():
        (FOLDER / f"{service}.json").write_text(json.dumps(of_image(service, locked), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
