from pathlib import Path

import pytest

from local.engine import build
from local.engine.build import EngineError
from local.engine.place import Place


def program(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_an_installed_engine_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = program(tmp_path / "installed", "pulumi")
    program(tmp_path / "installed", "pulumi-language-python")
    monkeypatch.setenv("PATH", str(installed.parent))
    place = Place(root=tmp_path)
    assert build.ensure(place) == f"{installed} (from PATH)"
    assert place.pulumi.resolve() == installed
    assert (place.bin / "pulumi-language-python").exists()


def test_an_installed_provider_does_not_stand_before_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "installed", "pulumi")
    program(tmp_path / "installed", "pulumi-resource-aws")
    monkeypatch.setenv("PATH", str(tmp_path / "installed"))
    place = Place(root=tmp_path)
    build.ensure(place)
    assert "local.provider" in (place.bin / "pulumi-resource-aws").read_text()


def test_without_engine_and_go_the_ways_to_get_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"no pulumi and no go on PATH: install Pulumi .* or Go"):
        build.ensure(Place(root=tmp_path))


def test_an_old_go_is_refused_by_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "go", "#!/bin/sh\necho go version go1.22.1 linux/amd64\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(EngineError, match=r"go1\.22\.1 linux/amd64, 1\.26 is needed"):
        build.ensure(Place(root=tmp_path))


def test_the_engines_own_place_on_path_is_no_installed_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(root=tmp_path)
    program(place.bin, "pulumi")
    monkeypatch.setenv("PATH", str(place.bin))
    with pytest.raises(EngineError, match="no pulumi and no go"):
        build.ensure(place)
