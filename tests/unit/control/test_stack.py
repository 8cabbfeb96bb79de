"""The manager's list of services as an operator's command reads it."""

from types import SimpleNamespace
from typing import Any

import pytest

from control.errors import ControlError
from control.stack import Stack


def stack(**environment: Any) -> Stack:  # noqa: ANN401 - as Lambda answers
    class NotFound(Exception):
        pass

    def answer(**_: str) -> dict[str, Any]:
        return {"Environment": environment}

    functions = SimpleNamespace(
        get_function_configuration=answer,
        exceptions=SimpleNamespace(ResourceNotFoundException=NotFound),
    )
    place = SimpleNamespace(functions=functions, tables=None, stack="dev", name=str)
    return Stack(place)  # type: ignore[arg-type]


def test_a_list_that_may_not_be_read_is_no_stack_without_services() -> None:
    """AWS hides a function's variables from whoever may not use their key."""
    hidden = stack(Error={"ErrorCode": "AccessDeniedException", "Message": "not authorized"})
    with pytest.raises(ControlError, match="AWS hides the manager's variables: not authorized"):
        _ = hidden.services


@pytest.mark.parametrize(
    "variables", [{}, {"MANAGED_FUNCTIONS": "["}, {"MANAGED_FUNCTIONS": '{"services": {}}'}]
)
def test_a_list_that_is_none_is_said_in_a_sentence(variables: dict[str, str]) -> None:
    with pytest.raises(ControlError, match="MANAGED_FUNCTIONS of the manager of dev"):
        _ = stack(Variables=variables).services
