import signal
import subprocess
import sys
from pathlib import Path

from local.emulator import Emulator
from tests.emulated_account import Account, eventually

PROJECT = Path(__file__).parents[3]


def _children(process: int) -> set[int]:
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[1]) == process:
            found.add(int(status.parent.name))
    return found


def _alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_runs_as_a_process_of_its_own_and_leaves_nothing_when_it_is_killed(
    tmp_path: Path,
) -> None:
    with Emulator.start(tmp_path) as emulator:
        account = Account(emulator)
        function = account.function(environment={"SERVICE": "none"})
        process = subprocess.Popen(
            [sys.executable, "-m", "local.compute", "--directory", str(tmp_path), "--turn", "1"],
            cwd=PROJECT,
            stderr=subprocess.DEVNULL,
        )
        with process:
            # The handler of an unknown service does not load: the answer is the worker's own.
            answer, _ = eventually(lambda: _module_not_found(account, function), seconds=20)
            (zygote,) = _children(process.pid)
            process.send_signal(signal.SIGKILL)
            process.wait()

        assert "handlers.none" in answer["errorMessage"]
        eventually(lambda: not _alive(zygote))


def _module_not_found(account: Account, function: str) -> tuple[dict[str, str], None] | None:
    answer, _ = account.invoke(function)
    return (answer, None) if answer["errorType"] == "ModuleNotFoundError" else None
