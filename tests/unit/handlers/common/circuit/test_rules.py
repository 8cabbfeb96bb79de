"""The numbers of a stack, as they are read."""

import msgspec
import pytest

from handlers.common.circuit.rules import Rules
from tests.unit.handlers.rules import FIRST_FAILURE


def test_a_misspelt_rule_is_missed() -> None:
    given = msgspec.to_builtins(FIRST_FAILURE)
    given["rampp"] = given.pop("ramp")
    with pytest.raises(msgspec.ValidationError, match="ramp"):
        msgspec.convert(given, Rules)
