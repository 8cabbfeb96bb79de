"""Preview, update and destroy by the real engine, through Pulumi's Automation API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation

from local.configuration import read_configuration
from local.engine.build import EngineError
from local.engine.place import Place
from local.engine.workspace import lay_out

Output = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The engine for one stack, with its state in a folder.

    `settings` are keys of the project's configuration, over those of the stack's file;
    `environment` leads the providers to an AWS, or to none.
    """

    place: Place
    folder: Path
    stack: str
    environment: Mapping[str, str]
    settings: Mapping[str, str]

    @property
    def state(self) -> Path:
        """Where the engine writes down what exists."""
        return self.folder / "state"

    def preview(self, say: Output) -> None:
        """Show what an update would do."""
        self._stack().preview(on_output=say, color="auto")

    def up(self, say: Output) -> dict[str, Any]:
        """Make the stack as the program says; the answer has its outputs."""
        outputs = self._stack().up(on_output=say, color="auto").outputs
        return {key: output.value for key, output in outputs.items()}

    def destroy(self, say: Output) -> None:
        """Remove all of the stack."""
        self._stack().destroy(on_output=say, color="auto")

    def _stack(self) -> automation.Stack:
        if not self.place.pulumi.exists():
            raise EngineError("there is no Pulumi engine yet: make engine builds or finds one")
        program = lay_out(self.place.root, self.folder / "project")
        account = read_configuration(self.place.root, self.stack).values
        named = {key: value for key, value in account.items() if key.endswith(":accountId")}
        options = automation.LocalWorkspaceOptions(
            pulumi_command=automation.PulumiCommand(root=str(self.place.home)),
            env_vars={
                **self.place.environment(self.state),
                "LOCAL_ACCOUNT": next(iter(named.values()), ""),
                **self.environment,
            },
        )
        stack = automation.create_or_select_stack(self.stack, work_dir=str(program), opts=options)
        for key, value in self.settings.items():
            stack.set_config(key, automation.ConfigValue(value))
        return stack
