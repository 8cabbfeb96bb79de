"""Every command of the pages is run by a test, or its block says what it needs instead.

A block's first line says what it needs beyond Python, make and a package index: `# needs AWS`.
What speaks to AWS or GitHub cannot run here: its subcommands and options are looked up in what the
SDK and the operator's command know (the Pulumi CLI's in tests/engine), and `test_deployment` walks
its way with stand-ins. Whatever else stands in a block, and every target of make that is named
anywhere, is run by what RUN_BY names.
"""

import json
import re
import shlex
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from local.containers.images import INVOCATIONS
from tests.docker.test_images import ACCOUNT
from tests.unit.docs import aws_cli, operators_command
from tests.unit.docs.commands import named_commands, parts
from tests.unit.docs.pages import ROOT, SHELL, Block, blocks, fenced, name, pages

OUT_OF_REACH = ("AWS", "GitHub")
ELSEWHERE = {"aws", "gh", "pulumi"}
"""Programs that speak to AWS, GitHub or Pulumi Cloud: only a block that needs these has them."""

SHELLS_OWN = {"cd", "cp", "done", "export", "for"}
BLOCKS = [block for page in pages() for block in blocks(page)]

RUN_BY = {
    "make check": (".ci/run", "make check"),
    "make compose": ("tests/docker/test_compose.py", "compose.ensure()"),
    "make demo": (".ci/run", "make demo"),
    "make deploy": (".ci/run", "deploy preview destroy; do make $verb"),
    "make destroy": (".ci/run", "deploy preview destroy; do make $verb"),
    "make documents": ("tests/unit/tools/test_documents.py", "main() == 0"),
    "make down": ("tests/e2e/test_commands.py", 'local(directory, "down")'),
    "make drift": ("tests/engine/test_updates.py", '"--refresh", "--expect-no-changes", "--diff"'),
    "make engine": ("Makefile", "test-engine: engine"),
    "make env": ("Makefile", "lint: $(ENV)"),
    "make format": ("tests/unit/docs/test_make_targets.py", '"format"'),
    "make help": ("tests/unit/docs/test_make_targets.py", '"help"'),
    "make image": ("tests/docker/test_images.py", "build("),
    "make images": ("tests/docker/test_images.py", "build("),
    "make new-service": ("tests/new_service/test_guide.py", "make(root, *COMMAND"),
    "make policy": (".ci/run", "make policy"),
    "make preview": (".ci/run", "deploy preview destroy; do make $verb"),
    "make send": ("tests/e2e/test_commands.py", '"send"'),
    "make smoke": ("tests/integration/control/test_smoke.py", '"control.smoke"'),
    "make test": (".ci/run", "make test"),
    "make test-browser": (".ci/run", "make test-browser"),
    "make test-docker": (".ci/run", "make test-docker"),
    "make test-engine": (".ci/run", "make test-engine"),
    "make test-policy": (".ci/run", "make test-policy"),
    "make test-new-service": (".ci/run", "make test-new-service"),
    "make workflows": (".ci/run", "make workflows"),
    "make up": ("tests/e2e/test_commands.py", 'local(directory, "up")'),
    "docker run": ("tests/docker/test_images.py", "containers.start("),
    "docker compose cp": ("tests/docker/test_compose.py", '"cp"'),
    "docker compose down": ("tests/docker/test_compose.py", '"down"'),
    "docker compose exec": ("tests/docker/test_compose.py", '"exec"'),
    "docker compose up": ("tests/docker/test_compose.py", '"up"'),
    "curl -XPOST": ("tests/docker/test_images.py", "invoke(ACCOUNT)"),
    "python -m policy.check": ("tests/policy/test_check.py", "main("),
    ".venv/bin/python -m local.engine.pending": (
        "tests/engine/test_interruptions.py",
        '"local.engine.pending"',
    ),
}
"""The file that runs a command, and the words in it that do."""

MODULES_RUN_BY = {
    "bench": ("tests/unit/bench/test_table.py", "main() == 1"),
    "control": ("tests/integration/control/test_commands.py", "main(["),
    "local": RUN_BY["make send"],
    "local.engine.pending": RUN_BY[".venv/bin/python -m local.engine.pending"],
    "local.privilege": (
        "tests/integration/privilege/test_least_privilege.py",
        "report(played, directory)",
    ),
    "local.rendering": ("tests/unit/local/test_rendering.py", "main() == 1"),
    "policy.check": RUN_BY["python -m policy.check"],
    "policy.iam.build_database": ("tests/policy/test_page.py", "build_database.made()"),
}
"""The same for every `python -m` that a page names, in a block or in a sentence."""

NOT_RUN = {
    "make audit": "asks an index of vulnerabilities, which GitHub's workflows do",
    "make bench": "wants a quiet machine, and people who look at its figures",
    "make control": "orders are of people; each is given in tests/integration/control",
    "make e2e": "a part of make test",
    "make integration": "a part of make test",
    "make links": "asks the pages of others, which GitHub's workflows do; its parts are tested",
    "make lock": "asks a package index what there is today",
    "make unit": "a part of make test",
}
"""Targets that prose names and nothing runs, and why."""


def run_by_a_test(part: str) -> bool:
    """A target of make is not run by what runs another that begins alike."""
    if part.startswith("make "):
        return part in RUN_BY
    return any(part.startswith(known) for known in RUN_BY)


def ids(block: Block) -> str:
    return f"{block.page}: {block.commands[0]}"


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_block_says_what_it_is(page: Path) -> None:
    assert "" not in {language for language, _ in fenced(page)}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_command_hides_in_a_block_that_is_not_for_a_shell(page: Path) -> None:
    others = "".join(text for language, text in fenced(page) if language not in SHELL)
    hidden = r"^(?:make|pulumi|aws|gh|docker|curl|git|python3?) .*"
    assert re.findall(hidden, others, re.MULTILINE) == []


@pytest.mark.parametrize("block", BLOCKS, ids=ids)
def test_every_command_of_a_block_is_run_by_a_test_or_speaks_to_what_the_block_needs(
    block: Block,
) -> None:
    elsewhere = ELSEWHERE if block.needs.startswith(OUT_OF_REACH) else set[str]()
    missing = [
        part
        for command in block.commands
        for part in parts(command)
        if part.split()[0] not in SHELLS_OWN | elsewhere and not run_by_a_test(part)
    ]
    assert missing == []


def test_every_target_of_make_that_is_named_is_run_by_a_test_or_it_is_said_why_not() -> None:
    named = {
        part
        for _, command in named_commands()
        if command.startswith("make ")
        for part in parts(command)
    }
    assert named - set(RUN_BY) == set(NOT_RUN)


@pytest.mark.parametrize("command", RUN_BY)
def test_what_is_said_to_run_a_command_does_and_a_page_has_the_command(command: str) -> None:
    file, words = RUN_BY[command]
    assert words in (ROOT / file).read_text()
    assert any(part.startswith(command) for _, text in named_commands() for part in parts(text))


@pytest.mark.parametrize("block", BLOCKS, ids=ids)
def test_every_block_is_a_script_that_bash_can_read(block: Block) -> None:
    script = "\n".join(block.commands)
    read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert read.stderr == ""


def test_the_request_of_the_pages_is_the_one_that_a_container_is_sent() -> None:
    given = [shlex.split(text) for _, text in named_commands() if text.startswith("curl ")]
    assert len(given) > 1
    for _, method, url, option, body in given:
        assert (method, option, json.loads(body)) == ("-XPOST", "-d", json.loads(ACCOUNT))
        assert url.endswith(INVOCATIONS)


def test_every_python_module_that_is_to_be_run_is_run_by_a_test() -> None:
    named = {
        module
        for _, command in named_commands()
        for module in re.findall(r"\bpython3? -m ([\w.]+)", command)
    }
    assert named == set(MODULES_RUN_BY)


@pytest.mark.parametrize("module", MODULES_RUN_BY)
def test_what_is_said_to_run_a_module_does(module: str) -> None:
    file, words = MODULES_RUN_BY[module]
    assert find_spec(module) is not None
    assert words in (ROOT / file).read_text()


def test_every_command_of_the_operator_is_one_that_he_can_give() -> None:
    given = [
        (page, command)
        for page, command in named_commands()
        if "python -m control " in command or command.startswith("make control ")
    ]
    assert given
    assert {(page, c): wrong for page, c in given if (wrong := operators_command.refusal(c))} == {}


def test_every_aws_command_is_one_that_aws_has() -> None:
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
        "aws s3api put-bucket-versioning --bucket b --versioning-configuration State=Enabled",
        'aws dynamodb put-item --table-name t --item \'{"id": {"Text": "x"}}\'',
        "aws dynamodb describe-table --table-name t --query Table.Id",
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
