"""What the environment of a handler is in every benchmark; what is asked of AWS differs."""

import os
from collections.abc import Mapping
from functools import cache

from local.project import ROOT
from local.recording import record

STACK = "prod"
FUNCTION = "aws:lambda/function:Function"


def of_service(service: str) -> dict[str, str]:
    """This process's own variables, and those that the program gives the function in prod.

    They lead nowhere; what only AWS decides is not known.
    """
    return {**own(), **_functions()[service]}


def own() -> dict[str, str]:
    """The variables of this process that any program here needs."""
    return {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}


@cache
def _functions() -> Mapping[str, Mapping[str, str]]:
    """The variables of each function, by its service."""
    found = [
        resource.inputs["environment"]["variables"]
        for resource in record(STACK, ROOT).resources
        if resource.type == FUNCTION
    ]
    return {variables["SERVICE"]: variables for variables in found}
