"""The permissions boundary of the roles."""

import pytest

from tests.unit.components.harness import run


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_role_of_a_shared_stack_is_under_the_stacks_boundary(stack: str) -> None:
    boundaries = {r.inputs.get("permissionsBoundary") for r in run(stack).all("role:Role")}
    assert boundaries == {
        f"arn:aws:iam::210987654321:policy/utility-customer-system-boundary-{stack}"
    }


def test_a_stack_without_a_pipeline_may_do_without_it() -> None:
    roles = run("dev", {"permissionsBoundary": "false"}).all("role:Role")
    assert roles
    assert not [role for role in roles if "permissionsBoundary" in role.inputs]
