"""A folder in which the engine may write: the project's program, copied.

`pulumi` writes into the stack file (`encryptionsalt`), which in the project is tracked. So the
files that make the program are copied.
"""

import re
import shutil
import sys
from pathlib import Path

from local.engine.place import Place

COPIED = ("__main__.py", "components", "handlers", "requirements")
SALT = re.compile(r"^encryptionsalt: .*$", re.MULTILINE)
VIRTUALENV = re.compile(r"\bvirtualenv: .*$", re.MULTILINE)
SECRECY = re.compile(r"^(?:encryptionsalt|encryptedkey|secretsprovider):.*\n?", re.MULTILINE)
"""How a stack's own state is encrypted: with a key in its account, which nobody here can use."""


def lay_out(root: Path, folder: Path) -> Path:
    """Bring the program at `root` to `folder`, over what an earlier call brought there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        _copy(root / name, folder / name)
    _link(Path(sys.prefix), folder / ".venv")
    for settings in root.glob("Pulumi*.yaml"):
        _copy_settings(settings, folder / settings.name)
    return folder


def lay_out_pack(place: Place, pack: Path, folder: Path) -> Path:
    """Bring a policy pack to `folder`, in the form in which the engine at `place` can start it.

    The language host that Go builds is too old to start packs; for a runtime that nobody knows the
    engine built beside it falls back to the analyzer on PATH. A user's own CLI does not any more
    (it is gone from v3.274.1), and needs none of this.
    """
    _copy(pack, folder)
    settings = folder / "PulumiPolicy.yaml"
    text = VIRTUALENV.sub(f"virtualenv: {sys.prefix}", settings.read_text())
    if place.stamp.exists():
        text = text.replace("name: python", "name: packpython")
    settings.write_text(text)
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.symlink_to(source.absolute())


def _copy_settings(source: Path, target: Path) -> None:
    """Copy a settings file, with the salt that the engine wrote into the last copy alone."""
    salt = SALT.search(target.read_text()) if target.exists() else None
    text = SECRECY.sub("", source.read_text())
    if salt:
        text = f"{text.rstrip()}\n{salt.group()}\n"
    target.write_text(text)
