"""The system with any number of services, in a folder of its own."""

import re
import sys
from pathlib import Path

from local.engine.workspace import lay_out
from local.project import ROOT
from tools.new_service import LIST
from tools.service_files import VALUE

HANDLER = "payment_processing"  # every service runs it; its words are not read here
ROOM = re.compile(r"^(LIST_ROOM|POLICY_ROOM) = [\d_]+$", re.MULTILINE)
"""What AWS takes of the manager's list and role: the program refuses services beyond that.
Previews are measured beyond it, so the measured programs do not have these limits."""


class FormError(Exception):
    """A source of the project has not the form that is rewritten here."""


def lay_out_services(count: int, folder: Path) -> Path:
    """The program with `count` services and none of its own.

    Raises:
        FormError: what is to be rewritten in it is not there.
    """
    lay_out(ROOT, folder)
    values = "".join(
        VALUE.substitute(name=f"service-{n}", type=f"type_{n}") for n in range(1, count + 1)
    )
    components = folder / "components"
    _replace(components / "services.py", LIST, f"SERVICES: tuple[Service, ...] = (\n{values}")
    _replace(components / "room.py", ROOM, rf"\1 = {sys.maxsize}", times=2)
    for n in range(1, count + 1):
        (folder / "handlers" / f"service_{n}").symlink_to(HANDLER)
    return folder


def _replace(file: Path, old: re.Pattern[str], new: str, times: int = 1) -> None:
    text, changed = old.subn(new, file.read_text())
    if changed != times:
        raise FormError(f"{file} has not the form that it had: {old.pattern}")
    file.write_text(text)
