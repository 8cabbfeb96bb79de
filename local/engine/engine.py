"""Preview, update and destroy by the real engine, through Pulumi's Automation API."""

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation

from local.configuration import read_configuration
from local.engine.build import EngineError
from local.engine.place import Place
from local.engine.workspace import lay_out
from local.lock import held

Output = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The engine for one stack, with its state in a folder, which one command at a time works in.

    `settings` are keys of the project's configuration, over those of the stack's file;
    `environment` leads the providers to an AWS, or to none.

    Every command says on the way all that the engine says, errors too, and raises:
        EngineError: there is no engine, it does not run, or the stack is none that it can take.
        ConfigurationError: the stack's files are not in order.
        AlreadyRunningError: another command is at work.
        automation.CommandError: the engine did not do it, and has said why.
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
        with self._opened() as stack:
            stack.preview(on_output=say, on_error=say, color="auto")

    def up(self, say: Output) -> dict[str, Any]:
        """Make the stack as the program says; the answer has its outputs."""
        with self._opened() as stack:
            outputs = stack.up(on_output=say, on_error=say, color="auto").outputs
        return {key: output.value for key, output in outputs.items()}

    def destroy(self, say: Output) -> None:
        """Remove all of the stack."""
        with self._opened() as stack:
            stack.destroy(on_output=say, on_error=say, color="auto")

    @contextlib.contextmanager
    def _opened(self) -> Generator[automation.Stack]:
        if not self.place.pulumi.exists():
            raise EngineError("there is no Pulumi engine yet: make engine builds or finds one")
        account = read_configuration(self.place.root, self.stack).values
        with held(self.folder), _interrupts_are_the_engines():
            yield self._select(account)

    def _select(self, account: Mapping[str, str]) -> automation.Stack:
        program = lay_out(self.place.root, self.folder / "project")
        named = {key: value for key, value in account.items() if key.endswith(":accountId")}
        options = automation.LocalWorkspaceOptions(
            pulumi_command=_command(self.place),
            env_vars={
                **self.place.environment(self.state),
                "LOCAL_ACCOUNT": next(iter(named.values()), ""),
                **self.environment,
            },
        )
        try:
            stack = automation.create_or_select_stack(
                self.stack, work_dir=str(program), opts=options
            )
            for key, value in self.settings.items():
                stack.set_config(key, automation.ConfigValue(value))
        except automation.CommandError as error:
            raise EngineError(str(error).partition("stderr:")[2].strip()) from error
        return stack


def _command(place: Place) -> automation.PulumiCommand:
    try:
        return automation.PulumiCommand(root=str(place.home))
    except (OSError, subprocess.CalledProcessError) as error:
        text = f"{place.pulumi} does not run ({error}): remove it, then make engine"
        raise EngineError(text) from error
    except automation.InvalidVersionError as error:
        raise EngineError(f"{place.pulumi}: {error}") from error


@contextlib.contextmanager
def _interrupts_are_the_engines() -> Generator[None]:
    """Leave Ctrl-C to the engine, which gets it too: it finishes what it has begun, and says so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A function, not SIG_IGN: that the engine would inherit.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
