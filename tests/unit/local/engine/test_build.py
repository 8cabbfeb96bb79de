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


def test_nothing_is_written_into_an_installed_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "installed", "pulumi")
    theirs = program(tmp_path / "installed", "pulumi-analyzer-policy-python", "theirs")
    monkeypatch.setenv("PATH", str(tmp_path / "installed"))
    place = Place(root=tmp_path)
    build.ensure(place)
    build.ensure(place)
    assert theirs.read_text() == "theirs"
    assert (place.bin / theirs.name).resolve() == theirs


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


GO = """#!/bin/sh
# A Go that builds the language host, and the engine only where it is told to.
case "$*" in
    version) echo go version go1.26.0 linux/amd64 ;;
    "list -m"*) echo {sources} ;;
    *pulumi-language-python) touch {bin}/pulumi-language-python ;;
    *cmd/pulumi) test -f {sources}/works || {{ echo "no space left on device" >&2; exit 1; }}
        touch {bin}/pulumi ;;
esac
"""


def test_after_a_build_that_broke_there_is_no_engine_and_the_next_one_builds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(root=tmp_path)
    program(tmp_path / "sources" / "python" / "cmd", "pulumi-language-python-exec")
    program(tmp_path / "bin", "go", GO.format(sources=tmp_path / "sources", bin=place.bin))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    with pytest.raises(EngineError, match=r"(?s)the Pulumi engine v3.*no space left on device"):
        build.ensure(place)
    assert not place.pulumi.exists()
    (tmp_path / "sources" / "works").touch()
    assert build.ensure(place) == f"{place.pulumi} (built from tools/go.mod)"
    assert (place.bin / "pulumi-language-python-exec").exists()


def test_an_engine_that_was_linked_and_is_gone_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = program(tmp_path / "installed", "pulumi")
    place = Place(root=tmp_path)
    monkeypatch.setenv("PATH", str(installed.parent))
    build.ensure(place)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no pulumi and no go"):
        build.ensure(place)
