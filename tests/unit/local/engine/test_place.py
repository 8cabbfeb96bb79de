from pathlib import Path

from local.engine.place import Place


def test_the_engine_finds_no_folder_for_its_own_logs(tmp_path: Path) -> None:
    environment = Place(root=tmp_path).environment(tmp_path / "state")
    assert (Path(environment["PULUMI_HOME"]) / "logs").is_file()


def test_logs_that_an_engine_wrote_before_are_gone(tmp_path: Path) -> None:
    place = Place(root=tmp_path)
    logs = Path(place.environment(tmp_path / "state")["PULUMI_HOME"]) / "logs"
    logs.unlink()
    logs.mkdir()
    (logs / "pulumi.log").write_text("encrypted")
    place.environment(tmp_path / "state")
    assert logs.is_file()
