"""What the pack's commands have in common: configuration, output, exit codes."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from policy.controls import catalogue
from policy.graph import Graph
from policy.output.machine import as_json, as_sarif
from policy.output.text import render
from policy.report import Report
from policy.run import check
from policy.settings import Settings, SettingsError, load

CONFIG: Final = "policy.json"
"""The program's configuration of the pack, beside its Pulumi.yaml."""

HELD: Final = 0
VIOLATED: Final = 1
REFUSED: Final = 2


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command of the pack takes."""
    parser.add_argument("--config", type=Path, help=f"pack configuration, by default {CONFIG}")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    parser.add_argument("--output", type=Path, help="file to write to instead of the terminal")


def finish(graph: Graph, config: Path, options: argparse.Namespace) -> int:
    """Checks the graph, writes the report and gives the exit code.

    0: everything mandatory holds. 1: something is violated or undecided, or a control broke.
    2: the configuration is refused, nothing was checked.
    """
    try:
        settings = read_settings(config)
    except SettingsError as error:
        for problem in error.problems:
            sys.stderr.write(f"{config}: {problem}\n")
        return REFUSED
    report = check(graph, catalogue(), settings, dt.datetime.now(tz=dt.UTC).date())
    text = _formatted(report, options.format, graph.stack)
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.write_text(text)
    return VIOLATED if report.failed else HELD


def read_settings(config: Path) -> Settings:
    """The settings of a configuration file; the defaults where there is no such file.

    Raises:
        SettingsError: the file is no JSON object, or says something that the pack refuses.
    """
    content: object = {}
    if config.exists():
        try:
            content = json.loads(config.read_text())
        except ValueError as error:
            raise SettingsError([f"no JSON: {error}"]) from error
    if not isinstance(content, dict):
        raise SettingsError(["expected a JSON object"])
    return load(cast("Mapping[str, object]", content), catalogue())


def _formatted(report: Report, form: str, stack: str) -> str:
    if form == "json":
        return as_json(report)
    if form == "sarif":
        return as_sarif(report, "__main__.py", stack)
    return render(report)
