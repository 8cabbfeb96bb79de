from pathlib import Path


class EmulatorError(Exception):
    """The embedded AWS cannot be started or reached."""


class PortInUseError(EmulatorError):
    """Another program listens where the emulator should."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is already in use: stop what listens there, "
            "name another port, or none to take a free one"
        )
        self.port = port


class EmulatorDiedError(EmulatorError):
    """The emulator's process ended by itself. Carries the end of its log."""

    def __init__(self, status: int | None, log: Path) -> None:
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        end = "\n".join(lines[-15:]) or "(its log is empty)"
        super().__init__(f"the emulator ended with status {status}; the end of {log}:\n{end}")
        self.status = status
        self.log = log


class EmulatorNotRunningError(EmulatorError):
    """No running emulator was found where one was expected."""


class SeamError(EmulatorError):
    """The installed emulator lacks a private name that this project wraps: the pin was moved."""
