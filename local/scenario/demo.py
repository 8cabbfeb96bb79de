"""The demo: environment, system, scenario, report, clean stop."""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rich.console import Console

from local.bank.books import Booking
from local.bank.desk import Settings as BankSettings
from local.compute import Resolver
from local.lock import held
from local.scenario.checks import judge
from local.scenario.lines import FILE, SERVICES, Act, Line, read_lines
from local.scenario.measure import cost
from local.scenario.narrator import Narrator, Progress
from local.scenario.report import Report, Run, make_report, show, write
from local.scenario.story import SERVICE, Story
from local.scenario.watch import NotSeenError, Watcher
from local.system import Deployer, System
from local.tap import tapped

BANK = BankSettings(slow_delay=0.5)
PER_SECOND = 60.0
"""Transactions sent in a second."""
LOOK = 0.5
"""Seconds between two looks at the progress."""


@dataclass(frozen=True, kw_only=True)
class Demo:
    """One run of the demo.

    Attributes:
        directory: of the system's files; the report stands beside it.
        started: Unix time at which the command began.
        console: where the story is told.
        file: the scenario.
        acts: those that are played.
        bank: how the bank is set up.
        resolver: which code the functions run; the project's own if None.
        deployer: what makes the resources; this process itself if None.
    """

    directory: Path
    started: float
    console: Console
    file: Path = FILE
    acts: tuple[Act, ...] = get_args(Act)
    bank: BankSettings = BANK
    resolver: Resolver | None = None
    deployer: Deployer | None = None

    @property
    def report_file(self) -> Path:
        """Where the report for programs goes."""
        return self.directory.parent / "report.json"

    def run(self) -> Report:
        """Play the story over a fresh system, check it, stop the system, report."""
        lines = [line for line in read_lines(self.file) if line.act in self.acts]
        with held(self.directory):
            self._clear()
            # What the parts warn of while one is missing would hide the one message that counts.
            logging.basicConfig(filename=self.directory / "system.log", filemode="w")
            with System.start(
                self.directory, bank=self.bank, resolver=self.resolver, deployer=self.deployer
            ) as system:
                run = self._play(system, lines)
        report = make_report(run, wall_s=time.time() - self.started)
        write(report, self.report_file)
        show(report, self.console)
        return report

    def _clear(self) -> None:
        """Remove what the last run left: its report and its functions' logs."""
        self.report_file.unlink(missing_ok=True)
        shutil.rmtree(self.directory / "functions", ignore_errors=True)

    def _play(self, system: System, lines: Sequence[Line]) -> Run:
        access = system.access
        narrator = Narrator(self.console, self.started)
        with narrator, tapped(access, "demo") as tap:
            narrator.say(f"the system runs; its embedded AWS is {access.emulator.endpoint}")
            watcher = Watcher(access, tap, system.check)
            story = Story(lines, access, watcher, narrator, per_second=PER_SECOND)
            begun = time.time()
            with _following(story, watcher, narrator, len(lines)):
                trouble = _played(story, self.acts)
            ended = time.time()
            verdict = judge(lines, watcher.facts(story.publisher.sent))
            history = watcher.history(SERVICE)
        return Run(
            verdict=verdict,
            trouble=trouble,
            outages=[
                cost(outage, watcher.calls, watcher.bookings, history) for outage in story.outages
            ],
            first_payment_s=_first_payment(watcher.bookings, self.started),
            sending_s=ended - begun,
        )


def _played(story: Story, acts: Sequence[Act]) -> list[str]:
    """Play; what was not seen is a finding beside those of the checks, not the end of the run."""
    try:
        story.play(acts)
    except NotSeenError as error:
        return [str(error)]
    return []


@contextlib.contextmanager
def _following(story: Story, watcher: Watcher, narrator: Narrator, total: int) -> Generator[None]:
    """Show the progress for as long as the block lasts."""
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(LOOK):
            # Whatever cannot be read now is for the story to stumble over, not for its display.
            with contextlib.suppress(Exception):
                watcher.read_books()
                narrator.progress(
                    Progress(
                        sent=len(story.publisher.sent),
                        total=total,
                        booked=len(watcher.bookings),
                        queues={x: watcher.depth(x) for x in SERVICES.values()},
                        circuits={x: watcher.state(x) for x in SERVICES.values()},
                    )
                )

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()


def _first_payment(bookings: Sequence[Booking], started: float) -> float | None:
    first = next((x.at for x in bookings if x.operation == "payments"), None)
    return None if first is None else round(first - started, 2)


def run_demo(directory: Path, started: float) -> int:
    """Run it on the terminal; 0 only if every transaction ended as it has to."""
    report = Demo(directory=directory, started=started, console=Console()).run()
    return 1 if report.findings else 0
