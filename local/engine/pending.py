"""`python -m local.engine.pending`: what an update that was killed had begun to make.

An engine that is killed does not learn whether a resource came into being; its state lists the
resource as pending. Reads the state (`pulumi stack export`) from its input and asks AWS, with the
credentials of the environment, which of the pending resources exist. Prints the arguments by
which `pulumi refresh` takes these in and forgets the others:

    pulumi cancel
    pulumi refresh --yes $(pulumi stack export | python -m local.engine.pending)
    pulumi up

Kinds that AWS makes a second time without harm (a queue, a topic, a policy, an alarm) are
forgotten: the next update makes them again, and finds them as they are.

An image that was pushed is refused a second time, because tags are immutable, and Docker's provider
reads none back. The command that removes it, which nothing runs yet, is said on the error output.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import boto3

from local.resources.account import Account
from local.resources.clients import Clients
from local.resources.image import reference
from local.resources.table import KINDS

IMAGE = "docker:index/image:Image"
TAKE_IN = "--import-pending-creates"
FORGET = "--clear-pending-creates"


def main() -> None:
    """From a state on the standard input to arguments on the standard output."""
    account, state = Account(Clients(boto3.Session())), json.load(sys.stdin)
    for command in removals(state, account):
        sys.stderr.write(f"{command}\n")
    sys.stdout.write(" ".join(arguments(state, account)) + "\n")


def arguments(state: dict[str, Any], account: Account) -> list[str]:
    """The arguments of `pulumi refresh` for what a state has pending."""
    found = [
        argument
        for resource in _pending(state, "creating")
        if resource["type"] != IMAGE
        if (id_ := _find(resource, account)) is not None
        for argument in (TAKE_IN, resource["urn"], TAKE_IN, id_)
    ]
    return [*found, FORGET]


def removals(state: dict[str, Any], account: Account) -> list[str]:
    """The commands that remove the images which were pushed, and which no state knows."""
    pushed = [
        found
        for operation in ("creating", "updating")
        for resource in _pending(state, operation)
        if resource["type"] == IMAGE
        if (found := _find(resource, account)) is not None
    ]
    return [
        f"aws ecr batch-delete-image --repository-name {repository} --image-ids imageTag={tag}"
        for repository, tag in map(reference, pushed)
    ]


def _pending(state: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for operation in state["deployment"].get("pending_operations", []):
        resource = operation["resource"]
        # Components and providers are nothing in AWS.
        if operation["type"] == kind and resource["type"] in KINDS:
            yield resource


def _find(resource: dict[str, Any], account: Account) -> str | None:
    name = resource["urn"].split("::", 3)[3]
    return account.find(resource["type"], name, resource.get("inputs", {}))


if __name__ == "__main__":
    main()
