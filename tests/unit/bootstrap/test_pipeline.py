"""GitHub's way into the account."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.recording import RecordedResource, record
from policy.iam.database import expand

ROOT = Path(__file__).resolve().parents[3] / "bootstrap"
STACKS = ("dev", "staging", "prod")
INLINE_LIMIT = 10_240
MANAGED_LIMIT = 6_144
"""Characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


@cache
def resources() -> list[RecordedResource]:
    return list(record("account", ROOT).resources)


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {r.name: r.inputs for r in resources() if r.type.endswith(f":{kind}")}


@pytest.mark.parametrize("environment", ["preview", *STACKS])
def test_a_role_is_for_one_environment_of_one_repository(environment: str) -> None:
    trust = json.loads(of("Role")[f"pipeline-{environment}"]["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    issuer = "token.actions.githubusercontent.com"
    assert statement["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": (
                f"repo:your-organization/utility-customer-system:environment:{environment}"
            ),
        }
    }


def test_the_preview_role_changes_nothing() -> None:
    changing = ("Create", "Delete", "Put", "Set", "Update", "Tag", "Untag", "Add", "Remove", "Pass")
    verbs = {action.split(":")[1] for action in actions("preview")}
    assert not [verb for verb in verbs if verb.startswith(changing)]


@pytest.mark.parametrize("stack", STACKS)
def test_a_deploy_role_makes_roles_only_under_the_boundary(stack: str) -> None:
    for statement in statements(stack):
        if {"iam:CreateRole", "iam:PutRolePolicy"} & set(statement["Action"]):
            boundary = statement["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
            assert boundary.endswith(":policy/utility-customer-system-boundary")


@pytest.mark.parametrize("stack", STACKS)
def test_a_deploy_role_reaches_no_other_stack(stack: str) -> None:
    others = [f"utility-customer-system-{other}" for other in STACKS if other != stack]
    reached = [arn for statement in statements(stack) for arn in statement["Resource"]]
    assert not [arn for arn in reached for other in others if other in arn]


@pytest.mark.parametrize("environment", ["preview", *STACKS])
def test_every_action_exists(environment: str) -> None:
    assert not [action for action in actions(environment) if not expand(action)]


@pytest.mark.parametrize("environment", ["preview", *STACKS])
def test_a_role_policy_fits(environment: str) -> None:
    assert len(of("RolePolicy")[f"pipeline-{environment}-policy"]["policy"]) <= INLINE_LIMIT


def test_the_boundary_fits_and_allows_no_administration() -> None:
    text = of("Policy")["pipeline-boundary"]["policy"]
    assert len(text) <= MANAGED_LIMIT
    services = {a.split(":")[0] for s in json.loads(text)["Statement"] for a in s["Action"]}
    assert "iam" not in services


def statements(environment: str) -> list[dict[str, Any]]:
    policy = of("RolePolicy")[f"pipeline-{environment}-policy"]["policy"]
    return json.loads(policy)["Statement"]


def actions(environment: str) -> set[str]:
    return {action for statement in statements(environment) for action in statement["Action"]}
