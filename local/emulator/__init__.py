"""The embedded AWS: one process on the loopback address, with TLS and IAM."""

from local.emulator.emulator import Emulator
from local.emulator.errors import (
    EmulatorDiedError,
    EmulatorError,
    EmulatorNotRunningError,
    PortInUseError,
)

__all__ = [
    "Emulator",
    "EmulatorDiedError",
    "EmulatorError",
    "EmulatorNotRunningError",
    "PortInUseError",
]
