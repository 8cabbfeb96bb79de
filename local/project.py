"""Which project this is, where it lies, and its stack on this machine."""

from pathlib import Path

from components.names import PROJECT

__all__ = ["DIRECTORY", "PREFIX", "PROJECT", "ROOT", "STACK", "UP"]

ROOT = Path(__file__).resolve().parents[1]
DIRECTORY = ROOT / ".local"
"""Where everything goes that a command writes."""

UP = DIRECTORY / "up"
"""The part of it that belongs to the system in the background."""

STACK = "local"
PREFIX = f"{PROJECT}-{STACK}"
