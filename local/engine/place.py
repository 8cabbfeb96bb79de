"""Where the project keeps its engine: folders and the environment that its commands need."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

PASSPHRASE = "local"  # noqa: S105 - the local state holds no secret worth one


@dataclass(frozen=True, kw_only=True)
class Place:
    """The project's engine folder, which no commit holds."""

    root: Path

    @property
    def home(self) -> Path:
        """All of it."""
        return self.root / ".engine"

    @property
    def bin(self) -> Path:
        """The engine, its language host and the provider plugins."""
        return self.home / "bin"

    @property
    def stamp(self) -> Path:
        """What the engine was built from; absent where it is a user's own, linked."""
        return self.home / "built"

    @property
    def pulumi(self) -> Path:
        """The engine's command."""
        return self.bin / "pulumi"

    def environment(self, backend: Path) -> dict[str, str]:
        """The environment in which `pulumi` keeps its state in a folder and finds all plugins."""
        backend.mkdir(parents=True, exist_ok=True)
        self._keep_no_logs()
        python = Path(sys.executable).parent
        return {
            "PATH": os.pathsep.join([str(self.bin), str(python), os.environ.get("PATH", "")]),
            # The state is replaced whole; a file of attributes beside it would be written in place,
            # and an engine that is killed while it writes that leaves a state that cannot be read.
            "PULUMI_BACKEND_URL": f"file://{backend.resolve()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(self._user),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    @property
    def _user(self) -> Path:
        """What the engine keeps for a user from one command to the next."""
        return self.home / "home"

    def _keep_no_logs(self) -> None:
        """Have the engine write none of its own logs.

        It puts every property that it passes on into an encrypted file for Pulumi's support, up to
        half a gigabyte of them in a week. Nothing switches that off, but it goes on without where
        the folder of its logs cannot be made (pulumi v3.259.0, pkg/logging/encrypted.go,
        `StartLogging`).
        """
        logs = self._user / "logs"
        if logs.is_dir():
            shutil.rmtree(logs, ignore_errors=True)
        self._user.mkdir(parents=True, exist_ok=True)
        logs.touch()
