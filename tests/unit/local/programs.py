"""Programs on a PATH of a test's own, which write down how they were called."""

import os
from pathlib import Path

import pytest

RECORDER = """#!/bin/sh
echo "$(/bin/basename "$0") $*" >> {said}
exit {status}
"""


def program(said: Path, name: str, status: int = 0) -> None:
    """A program beside the file in which it writes that it was called."""
    path = said.parent / name
    path.write_text(RECORDER.format(said=said, status=status))
    path.chmod(0o755)


def be(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    """Be another user, as far as this process asks."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
