"""A first preview by the real engine, as anybody runs it, and what it took."""

import os
import re
import resource
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.apart import Apart
from local.configuration import read_configuration
from local.engine.place import Place
from local.project import PROJECT, ROOT

STACK = "dev"
CREATED = re.compile(r"\+ (\d+) to create")
NOT_ASKED: Final = ("pulumi-language-python-exec", "local.provider", "pulumi-resource-")
"""Words in the command lines of the program and the providers: a pack asks them nothing."""


class PreviewError(Exception):
    """A preview did not come to its end."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a preview took, in seconds.

    Attributes:
        clock: by the clock.
        cpu: of CPU, in all of its processes.
        engine: of CPU, in all but the program and the providers.
    """

    clock: float
    cpu: float
    engine: float
    resources: int

    @property
    def program(self) -> float:
        """Seconds of CPU in the program and the providers."""
        return self.cpu - self.engine

    def more_than(self, bare: "Spent") -> "Spent":
        """What this took more than a preview of the same program without a pack.

        The program and the providers do the same in both, so they tell how fast the machine was:
        the engine's seconds are those of the speed at which the bare preview ran.
        """
        speed = bare.program / self.program
        return Spent(
            clock=self.clock - bare.clock,
            cpu=self.cpu - bare.cpu,
            engine=self.engine * speed - bare.engine,
            resources=self.resources,
        )


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
        # A user's Python keeps what it has compiled; the project's engine leaves nothing behind.
        "PYTHONDONTWRITEBYTECODE": "",
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
    with Apart(lambda command: any(word in command for word in NOT_ASKED)) as not_asked:
        said = pulumi("preview", *arguments)
    clock, cpu = time.perf_counter() - began, cpu_of_children() - before
    created = CREATED.search(said)
    if created is None:
        raise PreviewError(said[-500:])
    return Spent(clock=clock, cpu=cpu, engine=cpu - not_asked.cpu, resources=int(created.group(1)))


def cpu_of_children() -> float:
    """Seconds of CPU of every process that this one has started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
