"""Debian packages, installed where that is allowed: `python -m local.packages NAME ...`."""

import os
import shutil
import subprocess
import sys

from local.errors import LocalError

WAIT = "DPkg::Lock::Timeout=120"
"""Seconds for which another installation on the machine is waited for."""


class NoPackageError(LocalError):
    """The packages are not there, and cannot be installed here."""


def install(*packages: str) -> None:
    """Install packages, as root or by a `sudo` that asks for nothing.

    Raises:
        NoPackageError: this is no Debian, or the packages are not to be had.
    """
    if shutil.which("apt-get") is None:
        raise NoPackageError(f"{' '.join(packages)} is missing, and this machine has no apt-get")
    apt_get = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", WAIT]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise NoPackageError(f"{' '.join(packages)} is missing, and to install it takes root")
        apt_get = ["sudo", "--non-interactive", *apt_get]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt_get, *step], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoPackageError(f"apt-get {step[0]} failed: {done.stderr.strip()[-400:]}")


if __name__ == "__main__":
    try:
        install(*sys.argv[1:])
    except NoPackageError as error:
        sys.exit(str(error))
