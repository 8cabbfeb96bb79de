"""Which stack `make control` and `make smoke` mean."""

import os
import subprocess

import pytest

from tests.unit.components.harness import ROOT


def printed(*words: str, **environment: str) -> str:
    without = {name: value for name, value in os.environ.items() if name != "STACK"}
    return subprocess.run(
        ["make", "--no-print-directory", "-n", *words],
        cwd=ROOT,
        env=without | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("target", ["control", "smoke"])
def test_an_order_that_names_no_stack_stays_on_this_machine(target: str) -> None:
    assert "--stack local" in printed(target)


def test_an_order_that_says_nothing_asks_for_help() -> None:
    assert printed("control").rstrip().endswith("--stack local --help")
    assert printed("control", "ARGS=status").rstrip().endswith("--stack local status")


@pytest.mark.parametrize("target", ["control", "smoke"])
def test_the_stack_that_is_named_is_meant(target: str) -> None:
    assert "--stack prod" in printed(target, "STACK=prod")
    assert "--stack staging" in printed(target, STACK="staging")
