"""What a target cannot do without is said in one sentence, with what to do."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = Path(sys.executable).parents[1]
INSTALLED = (f"VENV={ENVIRONMENT}", "-o", str(ENVIRONMENT / ".installed"))


def said(*words: str, path: Path | None = None) -> tuple[int, str]:
    """The exit code of a target and the first line of what it says is wrong.

    With a path, this folder is the only one in which programs are looked for.
    """
    kept = {"HOME", "PATH"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    make = shutil.which("make") or "make"
    done = subprocess.run(
        [make, "--no-print-directory", *words],
        cwd=ROOT,
        env=environment | ({} if path is None else {"PATH": str(path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.partition("\n")[0]


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        (("send",), "make send: FILE is missing, as in FILE=mine.jsonl (one transaction a line)"),
        (("image",), "make image: SERVICE is missing, as in SERVICE=payment-processing"),
        (
            ("new-service", "NAME=meters"),
            "make new-service: TYPE is missing, as in NAME=meter-reading TYPE=meter_reading",
        ),
    ],
)
def test_a_word_that_is_missing_is_named_with_an_example(
    target: tuple[str, ...], missing: str
) -> None:
    assert said(*INSTALLED, *target) == (2, missing)


def test_a_service_that_there_is_not_is_told_those_that_there_are() -> None:
    code, text = said("image", "SERVICE=nonsense")
    assert code == 2
    assert text.startswith("there is no service nonsense: there are bank-account-setup ")


@pytest.mark.parametrize(
    ("target", "program"),
    [("drift", "pulumi"), ("lock", "uv"), ("image-payment-processing", "docker")],
)
def test_a_program_that_is_missing_is_named_with_where_it_is_to_be_had(
    target: str, program: str, tmp_path: Path
) -> None:
    code, text = said(*INSTALLED, target, path=tmp_path)
    assert code == 2
    assert text.startswith(f"make {target}: {program} is missing, see https://")


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    code, text = said("env", f"PYTHON={old}", f"VENV={tmp_path / 'environment'}")
    assert code == 2
    assert text == f"{old} is no Python 3.11 or newer: name one, as in PYTHON=python3.13"
    assert not (tmp_path / "environment").exists()


def test_every_list_of_packages_is_locked() -> None:
    lists = {path.stem for path in (ROOT / "requirements").glob("*.in")}
    locked = subprocess.run(
        ["make", "--dry-run", "lock"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    alone = set(re.findall(r"requirements/(\w+)\.in", locked))
    in_turn = re.findall(r"for part in ([\w ]+);", locked)
    assert alone | set(" ".join(in_turn).split()) == lists
