"""What the AWS CLI would say of a command, by the models of the SDK that it is made of."""

import json
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

GLOBAL = {
    "--query",
    "--output",
    "--region",
    "--endpoint-url",
    "--profile",
    "--ca-bundle",
    "--cli-binary-format",
}
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
    values = {word: value for word, value in pairwise(rest) if word.startswith("--")}
    strange = {
        word
        for option in values.keys() & options.keys()
        for word in _strange(values[option], members[options[option]])
    }
    output = model.operation_model(known[operation]).output_shape
    strange |= _fields(values.get("--query", "")) - (_names(output) if output else set())
    return f"{operation} knows no {', '.join(sorted(strange))}" if strange else ""


def _strange(value: str, shape: Any) -> set[str]:  # noqa: ANN401 - a shape of botocore
    """The words in a value, as JSON or in the CLI's shorthand, that no structure of AWS's has.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
    """
    if shape.type_name not in {"structure", "list", "map"}:
        return set()
    if value.startswith("{"):
        return set(_strange_keys(json.loads(value), shape))
    return set(re.findall(r"(?:^|[{,\[])(\w+)=", value)) - _names(shape)


def _strange_keys(value: Any, shape: Any) -> Iterator[str]:  # noqa: ANN401 - JSON, and a shape
    """The keys of a map are whoever gives it; those of a structure are AWS's."""
    match shape.type_name:
        case "structure":
            yield from value.keys() - shape.members.keys()
            for key in value.keys() & shape.members.keys():
                yield from _strange_keys(value[key], shape.members[key])
        case "map":
            for each in value.values():
                yield from _strange_keys(each, shape.value)
        case _:
            pass


def _fields(query: str) -> set[str]:
    """What a query reads of an answer. https://jmespath.org/specification.html"""
    return set(re.findall(r"\b([A-Za-z]\w*)\b(?!\()", query))


def _names(shape: Any) -> set[str]:  # noqa: ANN401 - a shape of botocore
    """Every name of AWS's that a value of this shape may have in it."""
    found, todo = set[str](), [shape]
    while todo:
        one = todo.pop()
        match one.type_name:
            case "structure":
                todo += [inner for key, inner in one.members.items() if key not in found]
                found |= set(one.members)
            case "list":
                todo.append(one.member)
            case "map":
                todo.append(one.value)
            case _:
                pass
    return found


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
