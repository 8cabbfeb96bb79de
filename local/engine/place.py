"""Where the project keeps its engine: folders and the environment that its commands need."""

import os
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
    def pulumi(self) -> Path:
        """The engine's command."""
        return self.bin / "pulumi"

    def environment(self, backend: Path) -> dict[str, str]:
        """The environment in which `pulumi` keeps its state in a folder and finds all plugins."""
        backend.mkdir(parents=True, exist_ok=True)
        python = Path(sys.executable).parent
        return {
            "PATH": os.pathsep.join([str(self.bin), str(python), os.environ.get("PATH", "")]),
            # The state is replaced whole; a file of attributes beside it would be written in place,
            # and an engine that is killed while it writes that leaves a state that cannot be read.
            "PULUMI_BACKEND_URL": f"file://{backend.resolve()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(self.home / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
