"""The way from an empty account to prod, walked: each command in its place, each name as it is."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml

from components.configuration import read_settings
from components.errors import SettingsError
from local.configuration import read_configuration
from local.policy_check import graph_of
from local.recording import Planned, Recording, run_program
from policy.command import CONFIG
from policy.command import read_settings as read_rules
from policy.controls import catalogue
from policy.graph import Graph
from policy.judge import judge
from tests.unit.components.harness import PROJECT, configuration, graph
from tests.unit.docs.pages import ROOT, fenced
from tests.unit.docs.walk import Call, walked

PAGE = ROOT / "docs" / "deployment.md"
BOOTSTRAP = "bootstrap"
WORKFLOWS: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").iterdir()
}
EITHER = {"PULUMI_BACKEND_URL", "PULUMI_ORGANIZATION"}
"""Where the state is kept: a bucket, or Pulumi Cloud in its place."""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """The whole way; the region is what the page's head asks for."""
    folder = tmp_path_factory.mktemp("walk")
    return walked(PAGE, folder, ("AWS", "GitHub"), AWS_REGION="us-east-2")


def configured(calls: list[Call], folder: str, stack: str = "") -> dict[str, str]:
    """What `pulumi config set` is told in a folder, for a stack that it names or for the last."""
    given = (call for call in calls if call.begins("pulumi", "config", "set"))
    found = (call for call in given if (call.folder, call.option("--stack")) == (folder, stack))
    return {call.words[-2]: call.words[-1] for call in found}


def test_a_command_is_given_where_its_program_is(calls: list[Call]) -> None:
    files = {"pulumi": "Pulumi.yaml", "make": "Makefile"}
    asked = [call for call in calls if call.words[0] in files]
    assert {call.folder for call in asked} == {".", BOOTSTRAP}
    assert [c for c in asked if not (ROOT / c.folder / files[c.words[0]]).exists()] == []


@pytest.mark.parametrize(("folder", "stack"), [(BOOTSTRAP, "nonprod"), (".", "dev")])
def test_a_stack_is_made_before_anything_is_asked_of_it(
    calls: list[Call], folder: str, stack: str
) -> None:
    asked = [call for call in calls if call.words[0] == "pulumi" and call.folder == folder]
    if folder == ".":
        assert asked.pop(0).begins("pulumi", "login")
    assert asked[0].begins("pulumi", "stack", "init", stack)
    assert asked[0].words[-1] == "--secrets-provider=awskms://alias/pulumi-state?region=us-east-2"


@pytest.mark.parametrize("folder", [".", BOOTSTRAP])
def test_a_setting_that_is_set_is_one_of_its_program(calls: list[Call], folder: str) -> None:
    known = yaml.safe_load((ROOT / folder / "Pulumi.yaml").read_text())["config"]
    given = [call for call in calls if call.begins("pulumi", "config", "set")]
    keys = {re.split(r"\W", call.words[-2])[0] for call in given if call.folder == folder}
    assert keys
    assert keys <= known.keys()


def bootstrapped(calls: list[Call]) -> Recording:
    """The bootstrap program under the page's settings."""
    account = read_configuration(ROOT / BOOTSTRAP, "account")
    given = {f"{account.project}:{k}": v for k, v in configured(calls, BOOTSTRAP).items()}
    chosen = replace(account, values={**account.values, **given})
    planned = Planned(given[f"{account.project}:accountId"])
    return run_program(chosen, ROOT / BOOTSTRAP, planned, preview=True)


def test_the_bootstrap_program_takes_the_settings_and_has_the_output(calls: list[Call]) -> None:
    recorded = bootstrapped(calls)
    asked = {call.words[3] for call in calls if call.begins("pulumi", "stack", "output")}
    roles = [r.inputs["policy"] for r in recorded.resources if r.type.endswith(":RolePolicy")]
    assert asked == set(recorded.outputs)
    assert all("your-organization-pulumi-state-nonprod" in policy for policy in roles)
    assert all("key/of-the-state" in policy for policy in roles)


def read_in_jobs() -> Iterator[tuple[str, set[str]]]:
    """The environments of GitHub's jobs, each with the variables that are read there."""
    for job in WORKFLOWS["deploy"]["jobs"].values():
        if "uses" in job:
            yield job["with"]["stack"], variables(WORKFLOWS["deploy-stack"])
    for workflow in ("pull-request", "scheduled"):
        for job in WORKFLOWS[workflow]["jobs"].values():
            if "environment" in job:
                for stack in job["strategy"]["matrix"]["stack"]:
                    name = job["environment"].replace("${{ matrix.stack }}", stack)
                    yield name, variables(job)


def variables(job: object) -> set[str]:
    return set(re.findall(r"vars\.(\w+)", yaml.safe_dump(job)))


def test_every_environment_of_the_jobs_is_made_with_its_variables(calls: list[Call]) -> None:
    wanted = {name: read - EITHER for name, read in read_in_jobs()}
    made = {c.words[-1].rpartition("/")[2] for c in calls if c.begins("gh", "api", "-X", "PUT")}
    given = defaultdict[str, set[str]](set)
    for call in calls:
        if call.begins("gh", "variable", "set"):
            given[call.option("--env")].add(call.words[3])
    assert made == wanted.keys() == bootstrapped(calls).outputs["role_arns"].keys()
    assert {name: found - EITHER for name, found in given.items()} == wanted
    assert all(len(found & EITHER) == 1 for found in given.values())


def test_a_job_is_told_the_role_that_is_made_for_its_environment(calls: list[Call]) -> None:
    roles = bootstrapped(calls).outputs["role_arns"]
    told = {c.option("--env"): c.option("--body") for c in calls if "ROLE_ARN" in " ".join(c.words)}
    account = configured(calls, BOOTSTRAP)["accountId"]
    assert {name: arn.replace("ITS-ACCOUNT", account) for name, arn in told.items()} == roles


def test_what_is_named_in_aws_is_made_by_the_program(calls: list[Call]) -> None:
    named = [w for c in calls if c.words[0] == "aws" for w in c.words if f"{PROJECT}-" in w]
    assert len(named) > 2
    for word in named:
        stack = word.partition(f"{PROJECT}-")[2].partition("-")[0]
        made = {resource.inputs.get("name") for resource in graph(stack).recording.resources}
        assert word.rpartition(":")[2] in made
        account = read_configuration(ROOT, stack).values[f"{PROJECT}:accountId"]
        assert not word.startswith("arn:") or word.split(":")[4] == account


def test_dev_may_end_and_staging_and_prod_refuse_to(calls: list[Call]) -> None:
    end = configured(calls, ".", "dev")
    assert not read("dev", end).protect
    for stack in ("staging", "prod"):
        with pytest.raises(SettingsError) as refused:
            read(stack, end)
        assert {violation.key for violation in refused.value.violations} == set(end)


def test_the_way_back_names_a_function(calls: list[Call]) -> None:
    ((key, digest),) = configured(calls, ".", "prod").items()
    pinned = {json.loads(key.removeprefix("images").strip("[]")): digest.replace("...", "0" * 64)}
    assert read("prod", {"images": json.dumps(pinned)}).images == pinned


def read(stack: str, changes: dict[str, str]) -> Any:  # noqa: ANN401 - the settings
    values = configuration(stack, changes).values
    return read_settings(stack, values["aws:region"], values)


# The rules that the settings of a stack have to meet


@cache
def stack_graph(**changes: str) -> Graph:
    chosen = configuration("dev", changes)
    planned = Planned(chosen.values[f"{PROJECT}:accountId"])
    return graph_of(run_program(chosen, ROOT, planned, preview=True))


def holds(control_id: str, found: Graph, **more: list[str]) -> bool:
    """Whether a control holds under the project's own configuration of the pack, and more in it."""
    control = next(each for each in catalogue() if each.id == control_id)
    configured: Mapping[str, Any] = read_rules(ROOT / CONFIG).of(control).parameters
    added = {key: [*configured.get(key, ()), *values] for key, values in more.items()}
    return judge(control, found, {**configured, **added}).holds


def test_an_operator_is_a_violation_until_the_rules_know_him() -> None:
    (example,) = [text for language, text in fenced(PAGE) if language == "json"]
    ((control, parameters),) = json.loads(f"{{{example}}}").items()
    (role,) = parameters["outside"]
    found = stack_graph(accountId=role.split(":")[4], operatorPrincipals=json.dumps([role]))
    assert not holds(control, found)
    assert holds(control, found, **parameters)


def test_another_address_of_the_bank_is_a_violation_until_the_rules_have_it() -> None:
    assert holds("lambda-variable-values", stack_graph())
    assert not holds("lambda-variable-values", stack_graph(bankUrl="https://bank.example.net"))
