import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from local.emulator import Emulator
from local.scenario.demo import Demo
from tests.engine.project import Project


def test_the_demos_transactions_pass_through_a_system_that_the_engine_made(
    source: Path, tmp_path: Path
) -> None:
    def deployer(emulator: Emulator, settings: Mapping[str, str]) -> Mapping[str, Any]:
        project = Project(
            source=source,
            folder=tmp_path,
            stack="local",
            environment=emulator.environment(),
            settings=settings,
        )
        project.init()
        project.up()
        return project.outputs()

    console = Console(quiet=True)
    demo = Demo(
        directory=tmp_path / "demo" / "system",
        started=time.time(),
        console=console,
        deployer=deployer,
    )
    assert demo.run().findings == []
