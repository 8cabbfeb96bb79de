"""Every command of the pages is run by a test, or its block says what it needs instead.

A block's first line says what it needs beyond Python, make and a package index: `# needs AWS`.
What needs AWS or GitHub cannot run here: its subcommands and options are looked up in what AWS's
SDK, the operator's command and the Makefile know (the Pulumi CLI's in tests/engine). Whatever else
stands in a block is run by the test that RUN_BY names.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.unit.docs import aws_cli, operators_command
from tests.unit.docs.pages import ROOT, SHELL, Block, blocks, fenced, name, pages, spans

OUT_OF_REACH = ("AWS", "GitHub")
BLOCKS = [block for page in pages() for block in blocks(page)]
REACHED = [block for block in BLOCKS if not block.needs.startswith(OUT_OF_REACH)]

RUN_BY = {
    "make demo": (".ci/run", "make demo"),
    "make test": (".ci/run", "make test"),
    "make check": (".ci/run", "make check"),
    "make format": ("tests/unit/docs/test_commands.py", '"format"'),
    "make documents": ("tests/unit/tools/test_documents.py", "main() == 0"),
    "make new-service": ("tests/integration/tools/test_new_service.py", "make(root, *COMMAND"),
    "make engine": ("Makefile", "test-engine: engine"),
    "make deploy": (".ci/run", "deploy preview destroy; do make $verb"),
    "make preview": (".ci/run", "deploy preview destroy; do make $verb"),
    "make destroy": (".ci/run", "deploy preview destroy; do make $verb"),
    "make image": ("tests/docker/test_images.py", "build("),
    "docker run": ("tests/docker/test_images.py", "containers.start("),
    "curl -XPOST": ("tests/docker/test_images.py", "invoke(ACCOUNT)"),
    "docker compose up": ("tests/docker/test_compose.py", '"up"'),
    "docker compose exec": ("tests/docker/test_compose.py", '"exec"'),
    "docker compose down": ("tests/docker/test_compose.py", '"down"'),
}
"""The file that runs a command, and the words in it that do."""


def targets() -> dict[str, str]:
    """The Makefile's targets and what `make help` says of each."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    found = (re.match(r"([a-z][a-z-]*):(?!=)(?:[^#]*## (.*))?", line) for line in lines)
    return {match[1]: match[2] or "" for match in found if match}


def asked_targets(command: str) -> list[str]:
    """The targets of a `make` command."""
    words = command.split()[1:]
    return [word for word in words if "=" not in word and re.fullmatch(r"[a-z][a-z-]*", word)]


def parts(command: str) -> Iterator[str]:
    """One command for each target of a `make`."""
    if command.startswith("make "):
        yield from (f"make {target}" for target in asked_targets(command))
    else:
        yield command


def named_commands() -> list[tuple[str, str]]:
    """Every command that a page names, in a block or between backticks, with the page."""
    in_blocks = [(block.page, command) for block in BLOCKS for command in block.commands]
    between = [(name(page), span) for page in pages() for span in spans(page)]
    return in_blocks + between


def ids(block: Block) -> str:
    return f"{block.page}: {block.commands[0]}"


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_block_says_what_it_is(page: Path) -> None:
    assert "" not in {language for language, _ in fenced(page)}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_command_hides_in_a_block_that_is_not_for_a_shell(page: Path) -> None:
    others = "".join(text for language, text in fenced(page) if language not in SHELL)
    assert re.findall(r"^(?:make|pulumi|aws|docker|python3?) .*", others, re.MULTILINE) == []


@pytest.mark.parametrize("block", REACHED, ids=ids)
def test_every_command_within_reach_is_run_by_a_test(block: Block) -> None:
    missing = [
        part
        for command in block.commands
        for part in parts(command)
        if not any(part.startswith(known) for known in RUN_BY)
    ]
    assert missing == []


@pytest.mark.parametrize("command", RUN_BY)
def test_what_is_said_to_run_a_command_does_and_a_page_has_the_command(command: str) -> None:
    file, words = RUN_BY[command]
    assert words in (ROOT / file).read_text()
    named = [part for block in BLOCKS for text in block.commands for part in parts(text)]
    assert any(part.startswith(command) for part in named)


@pytest.mark.parametrize("block", BLOCKS, ids=ids)
def test_every_block_is_a_script_that_bash_can_read(block: Block) -> None:
    script = "\n".join(block.commands)
    read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert read.stderr == ""


def test_every_make_target_that_is_named_exists() -> None:
    files = [*(ROOT / ".github/workflows").glob("*.yaml"), ROOT / ".ci/run"]
    in_files = [
        (name(file), line)
        for file in files
        for line in re.findall(r"\bmake [a-z][^\n;|&)\"]*", file.read_text())
    ]
    named = [*named_commands(), *in_files]
    absent = {
        (where, target)
        for where, command in named
        if command.startswith("make ")
        for target in asked_targets(command)
        if target not in targets()
    }
    assert absent == set()


def test_every_target_says_in_the_help_what_it_does() -> None:
    assert [target for target, says in targets().items() if not says] == []


def test_every_python_module_that_is_to_be_run_exists() -> None:
    modules = {
        (page, match[1])
        for page, command in named_commands()
        if (match := re.search(r"\bpython3? -m ([\w.]+)", command))
    }
    assert {(page, module) for page, module in modules if find_spec(module) is None} == set()


def test_every_command_of_the_operator_is_one_that_he_can_give() -> None:
    given = [
        (page, command)
        for page, command in named_commands()
        if "python -m control " in command or command.startswith("make control ")
    ]
    assert given
    assert {(page, c): wrong for page, c in given if (wrong := operators_command.refusal(c))} == {}


def test_every_aws_command_has_an_operation_and_options_that_aws_has() -> None:
    given = [
        (page, each) for page, command in named_commands() for each in aws_cli.commands(command)
    ]
    assert given
    assert {(page, c): wrong for page, c in given if (wrong := aws_cli.refusal(c))} == {}


@pytest.mark.parametrize(
    "command",
    [
        "aws s3api create-buckets --bucket b",
        "aws s3api create-bucket --bucket b --versioning on",
        "aws ecr describe-images --output text",
        "aws nothing list",
    ],
)
def test_an_aws_command_that_aws_would_refuse_is_found(command: str) -> None:
    assert aws_cli.refusal(command)


@pytest.mark.parametrize(
    "command",
    [
        "python -m control --stack prod status --cheque",
        "python -m control --stack prod disable payment-processing",
        "python -m control dance",
        'make control ARGS="status payment-processing"',
    ],
)
def test_a_command_that_the_operator_cannot_give_is_found(command: str) -> None:
    assert operators_command.refusal(command)


def run_make(folder: Path, *arguments: str) -> str:
    """A target of ours in another folder, with this environment."""
    environment = Path(sys.executable).parents[1]
    installed = (f"VENV={environment}", "-o", environment / ".installed")
    quiet = ("--no-print-directory",)  # under another make, it would say which folder it enters
    done = subprocess.run(
        ["make", *quiet, "-f", ROOT / "Makefile", *installed, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_make_format_mends_what_can_be_mended(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / "tests" / "test_ugly.py"
    source.parent.mkdir()
    source.write_text("import sys\nimport os\nprint( os.sep,sys.path )\n")
    run_make(tmp_path, "format", "-i")
    assert source.read_text() == "import os\nimport sys\n\nprint(os.sep, sys.path)\n"


def test_make_help_names_every_target() -> None:
    assert {line.split()[0] for line in run_make(ROOT, "help").splitlines()} == set(targets())
