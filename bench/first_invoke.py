"""What a function's first invoke costs after its start, in a running system of its own.

CPU as in the cold start: what it waits for the bank and for AWS is theirs.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import cold_start
from bench.environment import own
from bench.rows import OURS, Row
from components.names import MANAGER
from components.services import SERVICES
from local.privilege.messages import message
from local.project import PREFIX, ROOT
from local.system import System

TIMES = {"quick": 1, "default": 3, "all": 25}

TIMED = """
import json, os, sys, time
from importlib import import_module
class Context:
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self):
        return 30_000
{start}
handler, event = import_module(sys.argv[1]).handler, json.loads(sys.argv[2])
kept = os.dup(1)
os.dup2(2, 1)
began = time.process_time()
answer = handler(event, Context())
took = time.process_time() - began
os.write(kept, json.dumps([took, answer]).encode())
"""

TYPES = {service.name: service.transaction_type for service in SERVICES}
NUMBERS = ("987654321", "021000021")


def measure(depth: str, folder: Path) -> list[Row]:
    """Invokes each function directly, in as many new processes."""
    del folder
    times = TIMES[depth]
    with tempfile.TemporaryDirectory() as scratch, System.start(Path(scratch)) as system:
        taken = {
            function: [_first_invoke(system, function, n) for n in range(times)]
            for function in (*TYPES, MANAGER)
        }
    return [
        Row(
            part=cold_start.PART,
            what=f"{function}: the first invoke after it, ms of CPU, median of {times}",
            figures={OURS: f"{statistics.median(seconds) * 1000:.0f}"},
        )
        for function, seconds in taken.items()
    ]


def _first_invoke(system: System, function: str, n: int) -> float:
    """Seconds of CPU.

    Raises:
        RuntimeError: it answered something else.
    """
    event, expected = _asked(function, n)
    module = f"handlers.{function.replace('-', '_')}.app"
    script = TIMED.format(start=cold_start.STARTS[function])
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, module, json.dumps(event)],
        env=_environment(system, function),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took, answer = json.loads(done.stdout)
    if not expected.items() <= answer.items():
        raise RuntimeError(f"{function} answered {answer}")
    return took


def _asked(function: str, n: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The event, and what it has to answer."""
    if function == MANAGER:
        return {"action": "status"}, {"accepted": True}
    ids = {"message_id": f"bench-{n}", "customer_id": f"customer-{n}"}
    return message(TYPES[function], ids, NUMBERS), {"outcome": "completed"}


def _environment(system: System, function: str) -> Mapping[str, str]:
    """What the system gave the function, with AWS and the rights of its owner."""
    functions: Any = system.access.emulator.session().client("lambda")
    told = functions.get_function_configuration(FunctionName=f"{PREFIX}-{function}")
    return {**own(), **told["Environment"]["Variables"], **system.access.emulator.environment()}
