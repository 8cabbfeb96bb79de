import sys
from pathlib import Path

import pytest

from local.engine.place import Place
from local.engine.workspace import lay_out, lay_out_pack


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for folder in ("components", "handlers", "requirements"):
        (root / folder).mkdir(parents=True)
    (root / "components" / "queues.py").write_text("one")
    (root / "__main__.py").write_text("program")
    (root / "Pulumi.yaml").write_text("name: shop\n")
    (root / "Pulumi.dev.yaml").write_text("config: {}\n")
    return root


def test_the_engine_writes_into_a_copy_of_the_stack_file(root: Path, tmp_path: Path) -> None:
    folder = lay_out(root, tmp_path / "work")
    (folder / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:abc\n")
    assert (root / "Pulumi.dev.yaml").read_text() == "config: {}\n"


def test_the_salt_survives_a_new_copy(root: Path, tmp_path: Path) -> None:
    folder = lay_out(root, tmp_path / "work")
    with (folder / "Pulumi.dev.yaml").open("a") as file:
        file.write("encryptionsalt: v1:abc\n")
    (root / "Pulumi.dev.yaml").write_text("config: {a: b}\n")
    lay_out(root, folder)
    assert (folder / "Pulumi.dev.yaml").read_text() == "config: {a: b}\nencryptionsalt: v1:abc\n"


def test_the_key_of_a_stack_in_its_account_stays_behind(root: Path, tmp_path: Path) -> None:
    deployed = "secretsprovider: awskms://alias/a\nencryptedkey: AQ=\nconfig: {a: b}\n"
    (root / "Pulumi.dev.yaml").write_text(deployed)
    folder = lay_out(root, tmp_path / "work")
    assert (folder / "Pulumi.dev.yaml").read_text() == "config: {a: b}\n"


def test_a_removed_module_is_gone_from_the_copy(root: Path, tmp_path: Path) -> None:
    folder = lay_out(root, tmp_path / "work")
    (root / "components" / "queues.py").unlink()
    (root / "components" / "topics.py").write_text("two")
    lay_out(root, folder)
    assert [path.name for path in (folder / "components").iterdir()] == ["topics.py"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    pack = tmp_path / "pack"
    pack.mkdir()
    settings = "runtime:\n  name: python\n  options:\n    virtualenv: ../.venv\n"
    (pack / "PulumiPolicy.yaml").write_text(settings)
    return pack


def test_an_engine_built_here_starts_a_pack_by_the_analyzer_on_its_path(
    pack: Path, tmp_path: Path
) -> None:
    place = Place(root=tmp_path)
    place.home.mkdir()
    place.stamp.write_text("digest")
    settings = lay_out_pack(place, pack, tmp_path / "copy") / "PulumiPolicy.yaml"
    assert "  name: packpython\n" in settings.read_text()


def test_a_users_own_engine_starts_a_pack_in_the_environment_that_runs(
    pack: Path, tmp_path: Path
) -> None:
    settings = lay_out_pack(Place(root=tmp_path), pack, tmp_path / "copy") / "PulumiPolicy.yaml"
    said = settings.read_text()
    assert "  name: python\n" in said
    assert f"  virtualenv: {sys.prefix}\n" in said
