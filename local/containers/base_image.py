"""The base image of tests: AWS's own, or one like it where that cannot be pulled.

That one is Debian's Python, Lambda's runtime client, and the emulator binary behind the same entry
point. It is not what runs in production, and not built for it.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from local.errors import LocalError
from local.packages import install
from local.project import ROOT

NAME = "local/lambda-python:3.11"
EMULATOR_WHEEL = (
    "aws-sam-cli==1.170.0 "
    "--hash=sha256:24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf"
)
EMULATOR = "samcli/local/rapid/aws-lambda-rie-x86_64"
ABSENT = ("find", "xargs")
"""What Debian has and AWS's image has not: a recipe that needs it must fail here already.
https://github.com/aws/aws-lambda-base-images/issues/196
"""

ENTRY_POINT = """#!/bin/sh
# As in AWS's images: under Lambda's runtime API as it is, elsewhere behind the emulator.
if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then
    exec /usr/local/bin/aws-lambda-rie python3 -m awslambdaric "$@"
fi
exec python3 -m awslambdaric "$@"
"""


class BaseImageError(LocalError):
    """The base image cannot be made here."""


def ensure() -> str:
    """The name of a base image that is there: pulled, or made (about a minute).

    Raises:
        BaseImageError: With the command that failed and what it said.
        NoPackageError: It takes debootstrap, which is not to be had.
    """
    if (there := present()) is not None:
        return there
    if _docker("pull", "--quiet", pinned()):
        return pinned()
    with tempfile.TemporaryDirectory() as scratch:
        _make(Path(scratch))
    return NAME


def present() -> str | None:
    """The base image that the engine has; None where it has to be pulled or made."""
    return next((each for each in (pinned(), NAME) if _docker("image", "inspect", each)), None)


def pinned() -> str:
    """What the recipe builds on where nobody says otherwise."""
    recipe = (ROOT / "handlers/Dockerfile").read_text()
    found = re.search(r"^ARG BASE_IMAGE=(\S+)$", recipe, re.MULTILINE)
    if found is None:
        raise BaseImageError("handlers/Dockerfile names no base image")
    return found[1]


def _docker(*command: str) -> bool:
    done = subprocess.run(["docker", *command], capture_output=True, check=False)
    return done.returncode == 0


def _make(scratch: Path) -> None:
    if shutil.which("debootstrap") is None:
        install("debootstrap")
    root = scratch / "root"
    packages = "ca-certificates,python3,python3-pip"
    _run("debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", root, _mirror())
    for program in ABSENT:
        (root / "usr/bin" / program).unlink()
    _add_runtime(root, scratch)
    _add_certificates(root)
    archive = scratch / "root.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(root, arcname=".")
    changes = (
        'ENTRYPOINT ["/lambda-entrypoint.sh"]',
        "ENV LAMBDA_TASK_ROOT=/var/task PYTHONPATH=/var/runtime",
        "WORKDIR /var/task",
    )
    options = [part for change in changes for part in ("--change", change)]
    _run("docker", "import", *options, archive, NAME)


def _add_runtime(root: Path, scratch: Path) -> None:
    """The runtime client and the emulator, both from the package index, both by hash."""
    pip = (sys.executable, "-m", "pip")
    client = root / "var/runtime"
    locked = ROOT / "requirements/containers.txt"
    _run(*pip, "install", "-q", "--require-hashes", "--target", client, "-r", locked)
    wanted = scratch / "emulator.txt"
    wanted.write_text(EMULATOR_WHEEL)
    _run(*pip, "download", "-q", "--no-deps", "--require-hashes", "-r", wanted, "-d", scratch)
    binary = root / "usr/local/bin/aws-lambda-rie"
    with zipfile.ZipFile(next(scratch.glob("aws_sam_cli-*.whl"))) as wheel:
        binary.write_bytes(wheel.read(EMULATOR))
    entry = root / "lambda-entrypoint.sh"
    entry.write_text(ENTRY_POINT)
    for program in (binary, entry):
        program.chmod(0o755)
    (root / "var/task").mkdir(parents=True, exist_ok=True)


def _add_certificates(root: Path) -> None:
    """This machine's trust and package index, so that a build inside reaches what we reach."""
    for name in ("etc/ssl/certs/ca-certificates.crt", "etc/pip.conf"):
        ours = Path("/") / name
        if ours.exists():
            shutil.copyfile(ours, root / name)
    defaults = root / "etc/pip.conf"
    present = defaults.read_text() if defaults.exists() else "[global]\n"
    if "break-system-packages" not in present:
        defaults.write_text(present.rstrip() + "\nbreak-system-packages = true\n")


def _mirror() -> str:
    """Where this machine gets its own Debian packages from."""
    listed = _run("apt-get", "indextargets", "--format", "$(REPO_URI)|$(CODENAME)")
    for line in sorted(set(listed.split())):
        address, _, codename = line.partition("|")
        if codename == "bookworm" and "security" not in address:
            return address
    raise BaseImageError("no package source of Debian bookworm is known on this machine")


def _run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise BaseImageError(f"{' '.join(map(str, command[:3]))} failed: {said}")
    return done.stdout
