"""The real program, run in this process, and its graph in a form that tests read easily."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from components.services import SERVICES as DESCRIBED
from local.configuration import Configuration, read_configuration
from local.monitor import RecordedResource
from local.properties import Properties
from local.recording import Recording, run_program

ROOT = Path(__file__).resolve().parents[3]
PROJECT = "utility-customer-system"
STACKS = ("local", "dev", "staging", "prod")
SERVICES = tuple(service.name for service in DESCRIBED)
TYPES = [service.transaction_type for service in DESCRIBED]
IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"
OURS = {
    "aws:region": "us-east-2",
    f"{PROJECT}:accountId": "210987654321",
    f"{PROJECT}:operatorPrincipals": "[]",
    f"{PROJECT}:notificationEmail": "",
}
"""Where the tests' shared stacks are, and who is told and obeyed in them.

Whoever deploys the project writes an account and people of theirs into the stack files. No file has
this account: a test that holds to a file's fails before it leaves here.
"""


@dataclass
class PretendedAws:
    """Answers as AWS and Docker would, as far as the program reads it."""

    account: str
    made: list[str] = field(default_factory=list[str])

    def create(self, token: str, name: str, inputs: Properties) -> tuple[str, Properties]:
        self.made.append(token)
        outputs = dict(inputs)
        match token:
            case "aws:sqs/queue:Queue":
                outputs["url"] = (
                    f"https://sqs.us-east-2.amazonaws.com/{self.account}/{inputs['name']}"
                )
            case "aws:kms/key:Key":
                outputs |= {"arn": "arn:aws:kms:us-east-2:1:key/the-key", "keyId": "the-key"}
            case "aws:lambda/eventSourceMapping:EventSourceMapping":
                outputs["uuid"] = f"uuid-of-{name}"
            case "docker:index/image:Image":
                outputs["repoDigest"] = f"host/{name}@sha256:{'0' * 64}"
            case _:
                pass
        return f"id-of-{name}", outputs

    def invoke(self, token: str, arguments: Properties) -> Properties:
        del arguments
        if token == IDENTITY:
            return {"accountId": self.account, "arn": "a", "id": "i", "userId": "u"}
        return {"userName": "AWS", "password": "login", "proxyEndpoint": "https://registry"}


@dataclass(frozen=True)
class Graph:
    """What a run of the program registered."""

    recording: Recording

    def all(self, kind: str) -> list[RecordedResource]:
        """The resources whose type ends so: `Queue`, `index:QueueWorker`. There are some."""
        found = [r for r in self.recording.resources if _is_of(r, kind)]
        assert found, f"the program makes no {kind}"
        return found

    def has(self, kind: str) -> bool:
        """Whether there is any resource of a type."""
        return any(_is_of(r, kind) for r in self.recording.resources)

    def one(self, kind: str, name: str) -> RecordedResource:
        """The resource of that type and logical name."""
        (found,) = [r for r in self.all(kind) if r.name == name]
        return found

    def names(self, kind: str) -> set[str]:
        """The names in AWS of all resources of a type."""
        return {r.inputs["name"] for r in self.all(kind)}

    @property
    def outputs(self) -> Properties:
        """The stack's outputs."""
        return self.recording.outputs


def _is_of(resource: RecordedResource, kind: str) -> bool:
    return resource.type.endswith((f":{kind}", kind if ":" in kind else f"/{kind}"))


def configuration(stack: str, changes: Mapping[str, Any] | None = None) -> Configuration:
    """A stack's configuration, a shared one's in the tests' own account, with some changes."""
    read = read_configuration(ROOT, stack)
    ours = {} if stack == "local" else OURS
    changed = {
        f"{PROJECT}:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in (changes or {}).items()
    }
    return replace(read, values={**read.values, **ours, **changed})


def run(
    stack: str,
    changes: Mapping[str, Any] | None = None,
    *,
    aws: PretendedAws | None = None,
    preview: bool = False,
) -> Graph:
    """The graph of a stack with some settings changed."""
    chosen = configuration(stack, changes)
    provider = aws or PretendedAws(chosen.values[f"{PROJECT}:accountId"])
    return Graph(run_program(chosen, ROOT, provider, preview=preview))


@cache
def graph(stack: str) -> Graph:
    """The graph of a stack as its file has it, in that account; tests share it and only read."""
    return run(stack)


def document(text: str) -> list[dict[str, Any]]:
    """The statements of a policy document."""
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements
