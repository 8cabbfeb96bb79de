"""What grows with each service, and that the program refuses it before AWS would."""

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from components.configuration import read_settings
from components.managed import managed_functions
from components.names import MANAGER, Names
from components.room import (
    LIST_ROOM,
    MAPPING_ID,
    granted_characters,
    listed_bytes,
    too_much,
)
from components.services import SERVICES, Service
from components.stage import Stage
from local.recording import run_program
from tests.making import copied
from tests.unit.components.harness import STACKS, Graph, PretendedAws, configuration, graph
from tests.unit.docs.pages import ROOT

ACCOUNT = "210987654321"
NAMES = Names(stack="dev", account=ACCOUNT, region="us-east-2")


def alike(count: int, pattern: str = "meter-{}") -> tuple[Service, ...]:
    """Services that differ in a number."""
    names = [pattern.format(number) for number in range(count)]
    return tuple(Service(name=name, transaction_type=name) for name in names)


def services(count: int) -> tuple[Service, ...]:
    """The project's, and more to make up the number."""
    return SERVICES + alike(count - len(SERVICES))


def room(of: Callable[[int], tuple[Service, ...]]) -> int:
    """How many of them a stack has room for."""
    return next(count for count in range(2, 99) if list(too_much(NAMES, of(count + 1))))


@cache
def most() -> int:
    """How many of the project's and more."""
    return room(services)


def program(folder: Path, count: int, aws: PretendedAws) -> Graph:
    """The program with as many services, in a project of its own."""
    described = copied(folder) / "components/services.py"
    more = [
        f"    Service(name={service.name!r}, transaction_type={service.transaction_type!r}),\n"
        for service in services(count)[len(SERVICES) :]
    ]
    described.write_text(f"{described.read_text()}\nSERVICES += (\n{''.join(more)})\n")
    return Graph(run_program(configuration("dev"), folder, aws, preview=False))


def test_a_stack_of_a_dozen_services_is_made_and_its_manager_told_of_each(tmp_path: Path) -> None:
    made = program(tmp_path, 12, PretendedAws(ACCOUNT))

    variables = made.one("Function", f"{MANAGER}-function").inputs["environment"]["variables"]
    told = json.loads(variables["MANAGED_FUNCTIONS"])
    assert set(told["services"]) == {service.name for service in services(12)}
    assert len(made.all("EventSourceMapping")) == 12
    assert len(json.dumps(variables)) <= 4096


def test_one_service_too_many_stops_the_program_before_any_resource(tmp_path: Path) -> None:
    """AWS would say so in the middle of a deployment."""
    aws = PretendedAws(ACCOUNT)
    with pytest.raises(Exception, match=f"for {most() + 1} services': it must be at most"):
        program(tmp_path, most() + 1, aws)
    assert aws.made == []


def test_what_is_too_much_is_said_with_its_size_and_what_aws_takes() -> None:
    assert not list(too_much(NAMES, services(most())))
    many = services(40)
    listed, role = too_much(NAMES, many)
    assert (listed.key, listed.value) == (
        "MANAGED_FUNCTIONS",
        f"{listed_bytes(NAMES, many)} bytes for 40 services",
    )
    assert listed.rule.startswith("it must be at most 3072 bytes: shorten names, or take")
    assert (role.key, role.value) == (
        f"arn:aws:iam::{ACCOUNT}:role/utility-customer-system-dev-{MANAGER}",
        f"{granted_characters(NAMES, many)} characters for 40 services",
    )
    assert role.rule.startswith("it must be at most 10240 characters: shorten names, or take")


def test_the_page_says_how_many_there_is_room_for() -> None:
    page = (ROOT / "docs" / "scaling.md").read_text()
    long = partial(alike, pattern="bank-account-setup-{}")
    assert f"{room(alike)} services with names like `meter-12`" in page
    assert f"{room(long)} with names like `bank-account-setup-3`" in page
    (full, *_) = too_much(NAMES, alike(room(alike) + 1))
    assert "characters" in full.rule, "the role is full first"


def test_a_service_costs_the_list_what_is_its_own() -> None:
    """What the names of its things have in common is said once."""
    told = managed_functions(NAMES, [(service, MAPPING_ID) for service in SERVICES])
    for own in told["services"].values():
        assert set(own) == {"mapping", "concurrency", "timeout"}


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_measured_is_what_the_program_makes(stack: str) -> None:
    values = configuration(stack).values
    stage = Stage(read_settings(stack, values["aws:region"], values))
    policy = graph(stack).one("RolePolicy", f"{MANAGER}-policy").inputs["policy"]
    assert granted_characters(stage.names, stage.services) == len("".join(policy.split()))
    function = graph(stack).one("Function", f"{MANAGER}-function").inputs
    told = json.loads(function["environment"]["variables"]["MANAGED_FUNCTIONS"])
    for own in told["services"].values():
        own["mapping"] = MAPPING_ID
    assert listed_bytes(stage.names, stage.services) == len(json.dumps(json.dumps(told)))


@pytest.mark.parametrize("stack", STACKS)
def test_the_managers_other_variables_leave_its_list_the_room_it_is_promised(stack: str) -> None:
    function = graph(stack).one("Function", f"{MANAGER}-function").inputs
    others = {**function["environment"]["variables"], "MANAGED_FUNCTIONS": ""}
    assert len(json.dumps(others)) + LIST_ROOM <= 4096
