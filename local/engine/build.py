"""`python -m local.engine.build`: bring the Pulumi engine to the project's own folder.

The `pulumi` on PATH is taken where there is one. Else engine and language host are built with Go
from the versions that `tools/` locks: no installer is downloaded, only modules whose checksums
the repository holds.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from local.engine.building import BuildError, go_build
from local.engine.place import Place
from local.interrupts import Interrupted, raise_on_signals
from local.project import ROOT

GO = (1, 26)
ENGINE = "github.com/pulumi/pulumi/pkg/v3"
LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3"
VERSION_SYMBOL = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
PACKAGES = ("aws", "docker")

PLUGIN = """#!/bin/sh
# The local provider, by the name that the engine looks for.
PYTHONPATH='{root}' exec '{python}' -m local.provider "$@"
"""

ANALYZER = """#!/bin/sh
# Starts a policy pack in its own folder: the engine's address, then the pack.
PYTHONPATH='{root}' exec '{python}' -u __main__.py "$1"
"""


class EngineError(Exception):
    """There is no engine and none can be built."""


def main() -> int:
    """Build or link the engine, and say which it is."""
    raise_on_signals()
    try:
        sys.stdout.write(f"{ensure(Place(root=ROOT))}\n")
    except EngineError as error:
        sys.stderr.write(f"make engine: {error}\n")
        return 1
    except Interrupted as interrupted:
        sys.stderr.write(f"{interrupted}: stopped; make engine goes on from what is compiled\n")
        return 128 + interrupted.number
    return 0


def ensure(place: Place) -> str:
    """Bring the engine to its place, if it is not there as wanted; the answer names it.

    Raises:
        EngineError: there is neither a `pulumi` nor a Go that can build one, or the build failed.
    """
    place.bin.mkdir(parents=True, exist_ok=True)
    _write_plugins(place)
    found = _on_path(place)
    stamp = place.stamp
    if found is not None:
        stamp.unlink(missing_ok=True)
        _link(place, found)
        return f"{found} (from PATH)"
    wanted = _locked()
    if not place.pulumi.is_file() or not stamp.exists() or stamp.read_text() != wanted:
        stamp.unlink(missing_ok=True)
        _build(place)
        stamp.write_text(wanted)
    return f"{place.pulumi} (built from tools/go.mod)"


def _on_path(place: Place) -> Path | None:
    found = shutil.which("pulumi")
    if found is None or Path(found).parent.resolve() == place.bin.resolve():
        return None
    return Path(found).resolve()


def _link(place: Place, found: Path) -> None:
    """Link what belongs to an installed engine, in place of what was built before."""
    for program in found.parent.glob("pulumi*"):
        if not program.name.startswith("pulumi-resource-"):
            target = place.bin / program.name
            target.unlink(missing_ok=True)
            target.symlink_to(program)


def _build(place: Place) -> None:
    go = _go()
    _say("no pulumi on PATH: building one with Go, which takes minutes the first time")
    for program in (place.pulumi, place.bin / "pulumi-language-python"):
        program.unlink(missing_ok=True)
    tools, host = ROOT / "tools", ROOT / "tools" / "languagehost"
    _run(
        go,
        ["-o", str(place.bin), f"{LANGUAGE_HOST}/python/cmd/pulumi-language-python"],
        folder=host,
        what="Pulumi's language host for Python",
    )
    _copy_script(go, host, place)
    version = _version(tools / "go.mod", ENGINE)
    # The engine comes last: where it is, the rest is there too.
    _run(
        go,
        [
            f"-ldflags=-X {VERSION_SYMBOL}={version}",
            "-o",
            str(place.pulumi),
            f"{ENGINE}/cmd/pulumi",
        ],
        folder=tools,
        what=f"the Pulumi engine {version}",
    )


def _copy_script(go: str, host: Path, place: Place) -> None:
    """The script with which the host runs a program lies beside the host's source."""
    listed = [go, "list", "-m", "-f", "{{.Dir}}", LANGUAGE_HOST]
    sources = subprocess.run(listed, cwd=host, check=True, capture_output=True, text=True)
    script = Path(sources.stdout.strip()) / "python" / "cmd" / "pulumi-language-python-exec"
    copy = place.bin / script.name
    copy.unlink(missing_ok=True)
    shutil.copyfile(script, copy)
    copy.chmod(0o755)


def _go() -> str:
    go = shutil.which("go")
    wanted = ".".join(map(str, GO))
    ways = (
        f"install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go {wanted} "
        "(https://go.dev/dl/), then run make engine again"
    )
    if go is None:
        raise EngineError(f"there is no pulumi and no go on PATH: {ways}")
    said = subprocess.run([go, "version"], check=False, capture_output=True, text=True).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < GO:
        raise EngineError(f"{go} is {said.strip() or 'unknown'}, {wanted} is needed: {ways}")
    return go


def _version(module: Path, dependency: str) -> str:
    found = re.search(rf"{re.escape(dependency)} (v\S+)", module.read_text())
    if found is None:
        raise EngineError(f"{module} does not require {dependency}")
    return found[1]


def _run(go: str, arguments: list[str], *, folder: Path, what: str) -> None:
    begin = time.monotonic()
    _say(f"building {what}")
    try:
        go_build(go, arguments, folder, _say)
    except BuildError as error:
        raise EngineError(f"go could not build {what}:\n{error}") from error
    _say(f"  built in {time.monotonic() - begin:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _locked() -> str:
    """What the build comes from, so that it is repeated when that changes."""
    digest = hashlib.sha256()
    for folder in (ROOT / "tools", ROOT / "tools" / "languagehost"):
        for name in ("go.mod", "go.sum"):
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _write_plugins(place: Place) -> None:
    scripts = {f"pulumi-resource-{package}": PLUGIN for package in PACKAGES}
    scripts |= {f"pulumi-analyzer-policy-{name}": ANALYZER for name in ("python", "packpython")}
    for name, text in scripts.items():
        script = place.bin / name
        # It may be a link to an installed engine's own: what is behind that is not ours to write.
        script.unlink(missing_ok=True)
        script.write_text(text.format(root=ROOT, python=sys.executable))
        script.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
