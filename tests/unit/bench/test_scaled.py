from pathlib import Path

import pytest

from bench.policy import SIZES
from bench.preview import STACK
from bench.scaled import lay_out_services
from local.recording import record


@pytest.mark.parametrize("count", SIZES["quick"])
def test_a_program_is_measured_also_with_more_services_than_aws_would_run(
    count: int, tmp_path: Path
) -> None:
    found = record(STACK, lay_out_services(count, tmp_path / "program")).resources
    functions = [each.name for each in found if each.type == "aws:lambda/function:Function"]
    assert len(functions) == count + 1
