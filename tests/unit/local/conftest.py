from pathlib import Path

import pytest


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs on a PATH of ours write down how they were called."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "said"
