"""What a function's start costs: its imports and clients, beside boto3 with one client.

Each start is a process of its own, timed by its CPU: an import waits for nothing else, and a busy
machine must not count. Ours and the bare one take turns; the median of the pairs counts.
"""

import json
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench.environment import STACK, of_service
from bench.rows import OURS, Row
from components.managed import managed_functions
from components.names import MANAGER, Names
from components.room import MAPPING_ID
from components.services import SERVICES
from local.project import ROOT

PART = "cold start"
MOST = 1.25

BARE = "import boto3; boto3.client('dynamodb')"
RUNTIME = "import json, os, time, urllib.request, http.client"
"""As much as a runtime client imports before the handler."""

TIMED = """
import time
began = time.process_time()
{runtime}
{start}
print(time.process_time() - began)
"""

STARTS = {
    **{service.name: f"import handlers.{service.directory}.app" for service in SERVICES},
    MANAGER: "import handlers.subscription_manager.app as app; app.manager()",
}
"""What each function does before its first event."""

WORKER = "payment-processing"
WITH_SDK = f"""{STARTS[WORKER]}
from aws_xray_sdk.core import patch
patch(["botocore", "httplib"])"""
"""The same worker as X-Ray's guide would have it: https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python-patching.html"""

IMPORT_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")


def measure(depth: str, folder: Path) -> list[Row]:
    """Starts each handler many times, in turn with the bare client."""
    pairs = {"quick": 2, "default": 11, "all": 50}[depth]
    rows: list[Row] = []
    imports: dict[str, list[tuple[str, int]]] = {}
    for service, start in STARTS.items():
        ours, bare = _paired(service, start, pairs)
        imports[service] = _imports(service, start)
        rows.append(row(service, ours, bare, imports[service]))
    rows.append(_with_sdk(min(pairs, 9)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "imports.json").write_bytes(msgspec.json.format(msgspec.json.encode(imports)))
    return rows


def row(
    service: str, ours: Sequence[float], bare: Sequence[float], imports: Sequence[tuple[str, int]]
) -> Row:
    """A function's starts, judged by the mark."""
    ratio = statistics.median(mine / its for mine, its in zip(ours, bare, strict=True))
    dearest = ", ".join(f"{name} {micros / 1000:.0f}" for name, micros in imports[:5])
    return Row(
        part=PART,
        what=f"{service}: imports and clients, ms of CPU, median of {len(ours)}",
        figures={
            OURS: f"{statistics.median(ours) * 1000:.0f} ({ratio:.2f} x)",
            "boto3 and one client": f"{statistics.median(bare) * 1000:.0f}",
        },
        mark=f"at most {MOST} x",
        held=ratio <= MOST,
        note=f"dearest imports by themselves, ms: {dearest}",
    )


def _with_sdk(pairs: int) -> Row:
    """What X-Ray's SDK would add to the worker, which tells the daemon by itself instead."""
    sdk, ours = _paired(WORKER, WITH_SDK, pairs, beside=STARTS[WORKER])
    more = statistics.median(its - mine for its, mine in zip(sdk, ours, strict=True))
    return Row(
        part=PART,
        what=f"{WORKER}: the same beside X-Ray's SDK, ms of CPU, median of {pairs}",
        figures={
            OURS: f"{statistics.median(ours) * 1000:.0f}",
            "with X-Ray's SDK": f"{statistics.median(sdk) * 1000:.0f} ({more * 1000:+.0f})",
        },
    )


def _paired(
    service: str, start: str, pairs: int, beside: str = BARE
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    others: list[float] = []
    for _ in range(pairs + 1):
        ours.append(cpu_of_start(service, start))
        others.append(cpu_of_start(service, beside))
    # The first pair warms the disk's cache.
    return ours[1:], others[1:]


def cpu_of_start(service: str, start: str) -> float:
    """Seconds of CPU of one start, in a process of its own."""
    script = TIMED.format(runtime=RUNTIME, start=start)
    return float(_run(service, script).stdout.split()[-1])


def _imports(service: str, start: str) -> list[tuple[str, int]]:
    """Microseconds that each import takes by itself, the dearest first."""
    text = _run(service, f"{RUNTIME}\n{start}", "-X", "importtime").stderr
    found = [(name, int(own)) for own, _, _, name in IMPORT_LINE.findall(text)]
    return sorted(found, key=lambda one: one[1], reverse=True)


def _run(service: str, script: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *options, "-c", script],
        env=_environment(service),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def _environment(service: str) -> dict[str, str]:
    """What the functions need to start; nothing is called."""
    names = Names(stack=STACK, account="123456789012", region="us-east-2")
    told = managed_functions(names, [(worker, MAPPING_ID) for worker in SERVICES])
    return {
        **of_service(service),
        "AWS_REGION": "us-east-2",
        "AWS_DEFAULT_REGION": "us-east-2",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "MANAGED_FUNCTIONS": json.dumps(told),
    }
