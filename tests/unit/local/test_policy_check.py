"""What keeps a stack from being judged is told, and is no violation."""

from pathlib import Path

import pytest

from local.policy_check import main

PROGRAM = """
from components.errors import SettingsError, Violation
raise SettingsError([Violation(key="coolDown", value=0, rule="it must be above 0")])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop")
    (tmp_path / "Pulumi.dev.yaml").write_text("")
    return tmp_path


def test_a_stack_that_the_project_does_not_have_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere", "--root", str(project)]) == 2
    assert capsys.readouterr().err == "there is no stack 'nowhere': the project has dev\n"


def test_a_setting_that_the_program_refuses_is_its_words(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "__main__.py").write_text(PROGRAM)
    assert main(["dev", "--root", str(project)]) == 2
    assert "coolDown" in capsys.readouterr().err


def test_a_defect_of_the_program_is_not_hidden(project: Path) -> None:
    (project / "__main__.py").write_text("raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        main(["dev", "--root", str(project)])
