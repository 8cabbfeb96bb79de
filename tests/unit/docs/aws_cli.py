"""What the AWS CLI would say of a command, by the models of the SDK that it is made of."""

import json
import re
import shlex
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

GLOBAL = {"--query", "--output", "--region", "--endpoint-url", "--profile", "--ca-bundle"}
"""https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html"""

NAMED_OTHERWISE = {"s3api": "s3"}
SESSION = botocore.session.Session()


def commands(text: str) -> list[str]:
    """The AWS commands in a line of shell, those in `$(...)` by themselves."""
    inner = re.findall(r"\$\((aws [^)]*)\)", text)
    outer = re.sub(r"\$\(.*?\)", "value", text)
    return [one for one in (outer, *inner) if re.match(r"aws [a-z0-9-]+ [a-z]", one)]


def refusal(command: str) -> str:
    """What is wrong with it; empty where nothing is."""
    _, service, operation, *rest = shlex.split(command)
    try:
        model = SESSION.get_service_model(NAMED_OTHERWISE.get(service, service))
    except UnknownServiceError:
        return f"there is no service {service}"
    known = {xform_name(each, "-"): each for each in model.operation_names}
    if operation not in known:
        return f"{service} has no {operation}"
    shape = model.operation_model(known[operation]).input_shape
    members = shape.members if shape else {}
    options = {f"--{xform_name(member, '-')}": member for member in members}
    options |= {
        f"--no-{xform_name(member, '-')}": member
        for member, kind in members.items()
        if kind.type_name == "boolean"
    }
    asked = {word for word in rest if word.startswith("--")}
    if unknown := asked - set(options) - GLOBAL:
        return f"{operation} has no {', '.join(sorted(unknown))}"
    given = {options[word] for word in asked if word in options}
    missing = set(shape.required_members if shape else ()) - given
    if asked and missing:  # one without any option is named, not given
        return f"{operation} needs {', '.join(sorted(missing))}"
    return ""


def options(command: str) -> dict[str, Any]:
    """The options of a command as the SDK takes them; what is not text is JSON."""
    _, service, operation, *rest = shlex.split(command)
    model = SESSION.get_service_model(NAMED_OTHERWISE.get(service, service))
    named = {xform_name(each, "-"): each for each in model.operation_names}
    shape = model.operation_model(named[operation]).input_shape
    members = shape.members if shape else {}
    by_option = {f"--{xform_name(member, '-')}": member for member in members}
    given = dict(zip(rest[::2], rest[1::2], strict=True))
    return {
        by_option[option]: value
        if members[by_option[option]].type_name == "string"
        else json.loads(value)
        for option, value in given.items()
    }
