"""`python -m tools.new_service NAME TYPE`: a new service in one step.

Writes the one value that describes it (components/services.py), its handler with tests, and its
container (docker-compose.yml). Everything else follows from the value; what the docs say of it is
made anew, the grants from a run of the whole system.
"""

import keyword
import re
import subprocess
import sys
from pathlib import Path

from components.names import MANAGER
from components.services import SERVICES
from local.containers.compose import configuration
from tools.service_files import CONTAINER, VALUE, files, message_class, names_in_use

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TYPE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 21
"""A queue's name has at most 80 characters (CreateQueue, QueueName), of which a stack of 16 leaves
these beside what our names begin and end with."""

RESERVED = (MANAGER, "operator", "reconcile", "unrouted", "common")
"""Names of other roles, queues and directories."""

DEAD_LETTERS = ("-dlq", "-delivery")
"""How the queues beside a service's own end: with these, one service's would be another's."""

LIST = re.compile(
    r"^SERVICES: tuple\[Service, \.\.\.\] = \(\n(?:[ ].*\n|\n)*(?=\)\n)", re.MULTILINE
)


class NewServiceError(Exception):
    """The service cannot be made; the text says why."""


def main() -> None:
    """Make the service, and say what to do next."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - itself and two words
        sys.exit("make new-service NAME=a-name TYPE=a_transaction_type")
    try:
        written = make(ROOT, *sys.argv[1:])
    except NewServiceError as error:
        sys.exit(f"make new-service: {error}")
    ruff = [sys.executable, "-m", "ruff"]
    for step in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        sources = [str(path) for path in written if path.suffix == ".py"]
        subprocess.run([*ruff, *step, *sources], cwd=ROOT, check=True)
    print("\n".join(map(str, written)))
    print("playing the system with it, for docs/grants.md", flush=True)
    for module in ("tools.documents", "local.privilege"):
        # In a process of its own: the services of this one were read before there was one more.
        command = [sys.executable, "-X", "faulthandler", "-m", module]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            sys.exit(
                f"the service is made, its docs are not: python -m {module} ended with {code},"
                " see above; mend that, and run it again"
            )
    print("next: what is yours to say, step by step, stands in docs/adding-a-service.md")


def make(root: Path, name: str, transaction_type: str) -> list[Path]:
    """Write the service into the project at `root`.

    Returns:
        What was written or changed, relative to the project.

    Raises:
        NewServiceError: A word does not fit, is taken, or a file is there already; then nothing
            was written.
    """
    check(name, transaction_type)
    new = files(name, transaction_type)
    for path in new:
        if (root / path).exists():
            raise NewServiceError(f"{path} is there already")
    changed = dict([_with_value(root, name, transaction_type), _with_container(root, name)])
    for path, text in {**new, **changed}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return sorted({**new, **changed})


def check(name: str, transaction_type: str) -> None:
    """Whether both words can be used.

    Raises:
        NewServiceError: Naming the word and the rule.
    """
    message = message_class(transaction_type)
    rules = (
        (NAME.fullmatch(name), f"NAME={name} must be lower-case words with dashes"),
        (len(name) <= LONGEST_NAME, f"NAME={name} must have at most {LONGEST_NAME} characters"),
        (not keyword.iskeyword(name), f"NAME={name} is a word of Python's"),
        (name not in RESERVED, f"NAME={name} is used by the system"),
        (not name.endswith(DEAD_LETTERS), f"NAME={name} ends as a queue of dead letters does"),
        (name not in {s.name for s in SERVICES}, f"NAME={name} is a service already"),
        (
            name not in configuration(ROOT)["services"],
            f"NAME={name} is a container of docker-compose.yml already",
        ),
        (
            TYPE.fullmatch(transaction_type),
            f"TYPE={transaction_type} must be words with underscores",
        ),
        (
            transaction_type not in {s.transaction_type for s in SERVICES},
            f"TYPE={transaction_type} has a service already",
        ),
        (
            not keyword.iskeyword(message) and message not in names_in_use(),
            f"TYPE={transaction_type} makes a class {message}, and that name is in use",
        ),
    )
    for holds, rule in rules:
        if not holds:
            raise NewServiceError(rule)


def _with_value(root: Path, name: str, transaction_type: str) -> tuple[Path, str]:
    path = Path("components/services.py")
    text = (root / path).read_text()
    found = LIST.search(text)
    if found is None:
        raise NewServiceError(f"{path} has no list SERVICES in the form that it had")
    value = VALUE.substitute(name=name, type=transaction_type)
    return path, text[: found.end()] + value + text[found.end() :]


def _with_container(root: Path, name: str) -> tuple[Path, str]:
    path = Path("docker-compose.yml")
    text = (root / path).read_text()
    return path, f"{text.rstrip()}\n{CONTAINER.substitute(name=name)}"


if __name__ == "__main__":
    main()
