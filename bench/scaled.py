"""The system with any number of services: in a folder of its own, previewed by the real engine."""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from local.configuration import read_configuration
from local.engine.place import Place
from local.engine.workspace import lay_out
from local.project import PROJECT, ROOT
from tools.new_service import LIST
from tools.service_files import VALUE

STACK = "dev"
HANDLER = "payment_processing"  # every service runs it; its words are not read here
CREATED = re.compile(r"\+ (\d+) to create")
ROOM = re.compile(r"^(LIST_ROOM|POLICY_ROOM) = [\d_]+$", re.MULTILINE)
"""What AWS takes of the manager's list and role: the program refuses services beyond that.
Previews are measured beyond it, so the measured programs do not have these limits."""


class PreviewError(Exception):
    """A preview did not come to its end."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a command took: seconds by the clock, and of CPU in all of its processes."""

    clock: float
    cpu: float
    resources: int


def lay_out_services(count: int, folder: Path) -> Path:
    """The program with `count` services and none of its own."""
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
        raise PreviewError(f"{file} has not the form that it had: {old.pattern}")
    file.write_text(text)


def preview(program: Path, *arguments: str) -> Spent:
    """A first preview of an empty stack, as anybody runs it; its state is thrown away.

    Raises:
        PreviewError: it did not get to its end.
    """
    state = program.parent / f"{program.name}-state"
    shutil.rmtree(state, ignore_errors=True)
    account = read_configuration(program, STACK).values[f"{PROJECT}:accountId"]
    place = Place(root=ROOT)
    environment = {
        **os.environ,
        **place.environment(state),
        "LOCAL_ACCOUNT": account,
        "AWS_ENDPOINT_URL": "",
    }

    def pulumi(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 - the project's own engine
            [place.pulumi, *words, "--stack", STACK, "--non-interactive", "--color", "never"],
            cwd=program,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    pulumi("stack", "init")
    before, began = cpu_of_children(), time.perf_counter()
    said = pulumi("preview", *arguments)
    clock, cpu = time.perf_counter() - began, cpu_of_children() - before
    created = CREATED.search(said)
    if created is None:
        raise PreviewError(said[-500:])
    return Spent(clock=clock, cpu=cpu, resources=int(created.group(1)))


def cpu_of_children() -> float:
    """Seconds of CPU of every process that this one has started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
