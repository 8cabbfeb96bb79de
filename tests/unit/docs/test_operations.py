"""The operations page, against the command, the queries and the logs that it tells of."""

import re

import pytest
import typer

from components.queries import QUERIES
from control import cli
from control.errors import Exit
from tests.unit.docs.pages import ROOT
from tests.unit.docs.test_figures import WORDS

PAGE = (ROOT / "docs" / "operations.md").read_text()
TOLD = PAGE[PAGE.index("## The command") : PAGE.index("## The page")]
COMMANDS = typer.main.get_group(cli.app).commands
ROWS = {row.split()[0]: row for row in re.findall(r"^\| `([a-z][^`]*)` \| ", TOLD, re.MULTILINE)}


def test_the_table_has_every_command_and_no_other() -> None:
    assert set(ROWS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_row_names_options_that_its_command_has(name: str) -> None:
    options = {option for each in COMMANDS[name].params for option in each.opts}
    assert set(re.findall(r"--[a-z-]+", ROWS[name])) <= options


def test_the_table_has_every_exit_code() -> None:
    assert re.findall(r"^\| (\d) \| \S", TOLD, re.MULTILINE) == [str(code.value) for code in Exit]


def test_the_page_names_every_saved_query() -> None:
    told = PAGE[PAGE.index("The program saves ") : PAGE.index("The embedded AWS keeps")]
    assert told.startswith(f"The program saves {WORDS[len(QUERIES)]} Logs Insights queries")
    for query in QUERIES:
        assert f"`{query.name}`" in told
