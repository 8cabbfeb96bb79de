"""GitHub's way into the account."""

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.errors import SettingsError
from components.pipeline import PipelineProps
from local.configuration import read_configuration
from local.monitor import RecordedResource
from local.recording import Planned, run_program
from policy.iam.database import Access, expand

ROOT = Path(__file__).resolve().parents[3] / "bootstrap"
ACCOUNT = "123456789012"
STACKS = ("dev", "staging", "prod")
ENVIRONMENTS = tuple(name for stack in STACKS for name in (stack, f"preview-{stack}"))
STATE = {
    "stateBucket": "a-state",
    "stateKey": "arn:aws:kms:us-east-2:123456789012:key/a-key",
}
INLINE_LIMIT = 10_240
MANAGED_LIMIT = 6_144
"""Characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def program(**changes: str) -> list[RecordedResource]:
    """What the program makes with some settings changed."""
    account = read_configuration(ROOT, "account")
    changed = {f"{account.project}:{key}": value for key, value in {**STATE, **changes}.items()}
    configured = replace(account, values={**account.values, **changed})
    return list(run_program(configured, ROOT, Planned(ACCOUNT), preview=True).resources)


@cache
def resources() -> list[RecordedResource]:
    return program()


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {r.name: r.inputs for r in resources() if r.type.endswith(f":{kind}")}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_is_for_one_environment_of_one_repository(environment: str) -> None:
    trust = json.loads(of("Role")[f"pipeline-{environment}"]["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    issuer = "token.actions.githubusercontent.com"
    assert statement["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": (
                "repo:your-organization@1234567/utility-customer-system@987654321"
                f":environment:{environment}"
            ),
        }
    }


@pytest.mark.parametrize("repository", ["me/it", "me@1/it@2", "my-team@1/it.now@2"])
def test_a_repository_is_named_as_a_token_names_it(repository: str) -> None:
    props = PipelineProps(account=ACCOUNT, region="us-east-2", repository=repository, stacks=())
    assert props.repository == repository


@pytest.mark.parametrize(
    "repository", ["it", "me@1/it", "me/it@2", "me/*", "https://github.com/me/it", "me/it.git/"]
)
def test_a_repository_that_no_token_names_is_refused(repository: str) -> None:
    """GitHub gives both numbers or none; a role that trusts anything else is nobody's."""
    with pytest.raises(SettingsError, match="repository = "):
        PipelineProps(account=ACCOUNT, region="us-east-2", repository=repository, stacks=())


@pytest.mark.parametrize("stack", ["dev-eu", "Dev", "preview-dev", "pipeline", ""])
def test_a_stack_whose_names_would_cover_anothers_is_refused(stack: str) -> None:
    """`pipeline`: its roles would have the names of the pipelines' own."""
    with pytest.raises(SettingsError, match=f"stacks = '{stack}'"):
        PipelineProps(account=ACCOUNT, region="us-east-2", repository="me/it", stacks=(stack,))


def test_an_account_that_knows_github_already_gets_no_second_provider() -> None:
    kinds = [r.type.rpartition(":")[2] for r in program(knowsGithub="true")]
    assert "OpenIdConnectProvider" not in kinds
    assert kinds.count("Role") == len(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_sees_what_variables_a_function_has(environment: str) -> None:
    """They are encrypted with the stack's key, and AWS shows them only to who may use it."""
    assert [
        statement
        for statement in statements(environment)
        if "kms:Decrypt" in statement["Action"]
        and "lambda.us-east-2.amazonaws.com"
        in statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", [])
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_role_changes_nothing(stack: str) -> None:
    """AWS counts `kms:Decrypt` as writing; it is what reads the encrypted state and variables."""
    found = {each for action in actions(f"preview-{stack}") for each in expand(action)}
    writing = {str(each) for each in found if each.access not in (Access.READ, Access.LIST)}
    assert writing == {"kms:Decrypt"}


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_role_reads_no_secret_and_no_message(stack: str) -> None:
    assert not actions(f"preview-{stack}") & {
        "secretsmanager:GetSecretValue",
        "dynamodb:GetItem",
        "sqs:ReceiveMessage",
    }


@pytest.mark.parametrize("stack", STACKS)
def test_a_deploy_role_makes_roles_only_under_its_stacks_boundary(stack: str) -> None:
    for statement in statements(stack):
        if {"iam:CreateRole", "iam:PutRolePolicy"} & set(statement["Action"]):
            boundary = statement["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
            name = of("Policy")[f"pipeline-{stack}-boundary"]["name"]
            assert boundary == f"arn:aws:iam::{ACCOUNT}:policy/{name}"


@pytest.mark.parametrize("stack", STACKS)
def test_no_role_that_a_deploy_role_makes_reaches_another_stack(stack: str) -> None:
    """Else dev's pipeline could write itself a role that changes prod's ledger."""
    bounded = [arn for each in boundary(stack) for arn in each["Resource"]]
    for other in set(STACKS) - {stack}:
        ledger = (
            f"arn:aws:dynamodb:us-east-2:{ACCOUNT}:table/utility-customer-system-{other}-ledger"
        )
        assert not [arn for arn in bounded if arn != "*" and fnmatchcase(ledger, arn)]


@pytest.mark.parametrize("stack", STACKS)
def test_no_role_that_a_deploy_role_makes_pauses_another_stack(stack: str) -> None:
    """A mapping's id is AWS's own: it is known by its function."""
    (mappings,) = [e for e in boundary(stack) if "lambda:UpdateEventSourceMapping" in e["Action"]]
    functions = f"arn:aws:lambda:us-east-2:{ACCOUNT}:function:utility-customer-system-{stack}-*"
    assert mappings["Condition"] == {"ArnLike": {"lambda:FunctionArn": functions}}


@pytest.mark.parametrize("stack", STACKS)
def test_no_role_that_a_deploy_role_makes_uses_the_key_of_anybody_else(stack: str) -> None:
    (keys,) = [each for each in boundary(stack) if "kms:Decrypt" in each["Action"]]
    alias = f"alias/utility-customer-system-{stack}"
    known_as = {"kms:ResourceAliases": [alias, f"{alias}-fingerprints"]}
    assert keys["Condition"] == {"ForAnyValue:StringEquals": known_as}


@pytest.mark.parametrize("stack", STACKS)
def test_a_deploy_role_makes_no_key_its_own_that_somebody_has_named(stack: str) -> None:
    """Its rights to a key go by the key's tags, and it may tag what has none."""
    (taking,) = [
        each
        for each in statements(stack)
        if "kms:TagResource" in each["Action"]
        and "aws:ResourceTag/Project" not in each["Condition"]["StringEquals"]
    ]
    assert taking["Condition"]["Null"] == {"kms:ResourceAliases": "true"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_reaches_no_other_stack(environment: str) -> None:
    bounded = [arn for arn in reached(environment) if arn != "*"]
    for other in set(STACKS) - {environment.removeprefix("preview-")}:
        queue = f"arn:aws:sqs:us-east-2:{ACCOUNT}:utility-customer-system-{other}-pay.fifo"
        assert not [arn for arn in bounded if fnmatchcase(queue, arn)]
        assert not [arn for arn in bounded if f"utility-customer-system-{other}" in arn]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_has_no_bounds_is_conditioned_or_has_no_resource_on_aws(environment: str) -> None:
    for statement in statements(environment):
        if statement["Resource"] == ["*"] and "Condition" not in statement:
            granted = [each for action in statement["Action"] for each in expand(action)]
            assert not [str(action) for action in granted if action.scopable]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_reaches_the_state_of_its_own_stack_alone(environment: str) -> None:
    own = environment.removeprefix("preview-")
    held = {
        stack: [
            f"arn:aws:s3:::a-state/.pulumi/{path}"
            for path in (
                f"stacks/utility-customer-system/{stack}.json",
                f"stacks/utility-customer-system/{stack}.json.bak",
                f"history/utility-customer-system/{stack}/{stack}-1.history.json",
                f"locks/organization/utility-customer-system/{stack}/a-lock.json",
            )
        ]
        for stack in STACKS
    }
    objects = [arn for arn in reached(environment) if arn.startswith("arn:aws:s3:::a-state/")]
    for stack, paths in held.items():
        for path in paths:
            assert any(fnmatchcase(path, arn) for arn in objects) is (stack == own), path


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_uses_the_keys_of_its_own_stack_alone(environment: str) -> None:
    """A key's id is AWS's own: what bounds a role to the stack's is the key's tags."""
    for statement in statements(environment):
        used = {action for action in statement["Action"] if action.startswith("kms:")}
        if used and any(arn.endswith(":key/*") for arn in statement["Resource"]):
            stack = environment.removeprefix("preview-")
            conditions = statement["Condition"].items()
            tags = [keys for test, keys in conditions if test.startswith("StringEquals")]
            assert {"aws:ResourceTag/Environment": stack}.items() <= {
                key: value for keys in tags for key, value in keys.items()
            }.items()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_action_exists(environment: str) -> None:
    assert not [action for action in actions(environment) if not expand(action)]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_role_policy_fits(environment: str) -> None:
    assert len(of("RolePolicy")[f"pipeline-{environment}-policy"]["policy"]) <= INLINE_LIMIT


@pytest.mark.parametrize("stack", STACKS)
def test_a_boundary_fits_and_allows_no_administration(stack: str) -> None:
    assert len(of("Policy")[f"pipeline-{stack}-boundary"]["policy"]) <= MANAGED_LIMIT
    assert "iam" not in {a.split(":")[0] for each in boundary(stack) for a in each["Action"]}


def boundary(stack: str) -> list[dict[str, Any]]:
    return json.loads(of("Policy")[f"pipeline-{stack}-boundary"]["policy"])["Statement"]


def statements(environment: str) -> list[dict[str, Any]]:
    policy = of("RolePolicy")[f"pipeline-{environment}-policy"]["policy"]
    return json.loads(policy)["Statement"]


def reached(environment: str) -> list[str]:
    return [arn for statement in statements(environment) for arn in statement["Resource"]]


def actions(environment: str) -> set[str]:
    return {action for statement in statements(environment) for action in statement["Action"]}
