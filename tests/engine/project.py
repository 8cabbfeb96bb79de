"""The project in a folder of its own, driven by the plain `pulumi` command."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local.configuration import read_configuration
from local.engine.place import Place
from local.engine.workspace import lay_out
from local.resources.table import KINDS

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds; a command that takes longer hangs
NOTHING = ("same", "read", "refresh")

Changes = dict[str, set[str]]


class PulumiError(AssertionError):
    """A command of the engine failed; the text is what it said."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """One stack of the project, with a state of its own.

    `source` is where the program is copied from; `environment` leads to an embedded AWS, or to
    none. `settings` go before those of the stack's file.
    """

    source: Path
    folder: Path
    stack: str
    environment: Mapping[str, str]
    settings: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def program(self) -> Path:
        """The copy of the program that the engine runs, and that a test may edit."""
        return self.folder / "project"

    @property
    def command_environment(self) -> dict[str, str]:
        """The environment of every command."""
        account = read_configuration(self.program, self.stack).values
        return {
            **os.environ,
            **Place(root=ROOT).environment(self.folder / "state"),
            "LOCAL_ACCOUNT": account["utility-customer-system:accountId"],
            "AWS_ENDPOINT_URL": "",
            **self.environment,
        }

    def init(self) -> None:
        """Lay the project out and make the stack's state."""
        self.reset()
        self.pulumi("stack", "init", self.stack)

    def reset(self, **settings: object) -> None:
        """Bring the program back to what it is in the repository, with some settings changed."""
        lay_out(self.source, self.program)
        file = self.program / f"Pulumi.{self.stack}.yaml"
        content = yaml.safe_load(file.read_text())
        for key, value in {**self.settings, **settings}.items():
            qualified = key if ":" in key else f"utility-customer-system:{key}"
            content["config"][qualified] = value
        file.write_text(yaml.safe_dump(content))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in the program's copy; it has to be there exactly once."""
        file = self.program / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} has {text.count(old)} times: {old}"
        file.write_text(text.replace(old, new))

    def pulumi(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` in the project.

        Raises:
            PulumiError: it failed, where `check` is set.
        """
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.program,
            env=self.command_environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if check and done.returncode != 0:
            raise PulumiError(f"pulumi {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
        return done

    def preview(self) -> Changes:
        """What an update would do."""
        done = self.pulumi("preview", "--stack", self.stack, "--json")
        steps = json.loads(done.stdout)["steps"]
        return _summary((step["op"], step["urn"]) for step in steps)

    def up(self) -> Changes:
        """Update the stack; the answer has what was done."""
        done = self.pulumi("up", "--stack", self.stack, "--yes", "--skip-preview", "--json")
        return _changes(done.stdout)

    def refused_up(self, *arguments: str) -> str:
        """An update that fails; the answer is what the engine said."""
        done = self.pulumi("up", "--stack", self.stack, "--yes", *arguments, check=False)
        assert done.returncode != 0, "the update went through"
        return done.stdout + done.stderr

    def expect_no_changes(self) -> None:
        """A preview that fails where an update would change anything."""
        self.pulumi("preview", "--stack", self.stack, "--expect-no-changes", "--diff")

    def refresh(self) -> None:
        """Bring the state up to what is there."""
        self.pulumi("refresh", "--stack", self.stack, "--yes", "--skip-preview")

    def destroy(self) -> None:
        """Remove everything."""
        self.pulumi("destroy", "--stack", self.stack, "--yes", "--skip-preview")

    def state(self) -> dict[str, Any]:
        """The stack's state, as it would be exported."""
        return json.loads(self.pulumi("stack", "export", "--stack", self.stack).stdout)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        said = self.pulumi("stack", "output", "--stack", self.stack, "--json")
        return json.loads(said.stdout)


def _changes(events: str) -> Changes:
    """What the engine's events say was done."""
    found = (json.loads(line).get("resOutputsEvent") for line in events.splitlines())
    steps = (event["metadata"] for event in found if event)
    return _summary((step["op"], step["urn"]) for step in steps)


def _summary(steps: Iterable[tuple[str, str]]) -> Changes:
    """The resources by what happens to them, each as `Class name`; components are left out."""
    changes: Changes = {}
    for operation, urn in steps:
        _, _, types, name = urn.split("::", 3)
        token = types.rpartition("$")[2]
        if operation not in NOTHING and token in KINDS:
            changes.setdefault(operation, set()).add(f"{token.rpartition(':')[2]} {name}")
    return changes
