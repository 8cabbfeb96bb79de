import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local.emulator import Emulator
from local.privilege.search import found_in
from local.scenario.demo import Demo
from tests.bank_details import Details
from tests.engine.project import Project


def test_the_demos_transactions_pass_through_a_system_that_the_engine_made(
    source: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
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

    details, terminal = Details(), io.StringIO()
    demo = Demo(
        directory=tmp_path / "demo" / "system",
        started=time.time(),
        console=Console(file=terminal),
        file=details.scenario(tmp_path_factory.mktemp("scenario")),
        deployer=deployer,
    )
    assert demo.run().findings == []

    assert list((tmp_path / "state").rglob("*.json"))
    assert found_in(details.drawn.values(), {"terminal": terminal.getvalue()}, tmp_path) == []
