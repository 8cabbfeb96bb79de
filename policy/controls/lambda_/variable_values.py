import json
from collections.abc import Mapping, Sequence
from typing import cast

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Undecided, Violation
from policy.resource import Resource
from policy.schema import problems
from policy.values import brief, mapping_of
from policy.views.names import PLACES, fill, fitting

_Schema = Mapping[str, object]


def _check(function: Resource, context: Context) -> Judgement:
    name = function.physical_name or function.name
    given = cast("Mapping[str, Mapping[str, _Schema]]", context.parameters["values"])
    for pattern, schemas in given.items():
        for places in fitting(context.graph, name, pattern):
            for variable, schema in schemas.items():
                yield from _judge(function, variable, _filled(schema, places))


def _judge(function: Resource, variable: str, schema: _Schema) -> Judgement:
    name, *inside = variable.split(".")
    path = ("environment", "variables", name)
    if not function.known(*path):
        yield Undecided(path=".".join(path))
        return
    text = function.text(*path)
    # Whether it has to be there at all is asked by lambda-required-environment.
    if text is None:
        return
    value = _within(text, inside)
    for problem in problems(_number(value) if "type" in schema else value, schema):
        yield Violation(
            path=f"environment.variables.{variable}", found=brief(value), wanted=problem
        )


def _within(text: str, inside: Sequence[str]) -> object:
    """What stands at a path inside of a variable that holds JSON; the text itself without one."""
    value: object = text
    if inside:
        try:
            value = json.loads(text)
        except ValueError:
            return None
    for key in inside:
        value = mapping_of(value).get(key)
    return value


def _number(value: object) -> object:
    """A number that a variable holds as text; anything else as it is."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _filled(schema: _Schema, places: Mapping[str, str]) -> _Schema:
    def filled(value: object) -> object:
        if isinstance(value, list):
            return [filled(item) for item in cast("list[object]", value)]
        return fill(value, places) if isinstance(value, str) else value

    return {key: filled(value) for key, value in schema.items()}


CONTROL = Control(
    id="lambda-variable-values",
    title="A function's settings are within what was reviewed",
    why="A circuit that never opens, a service that names itself wrongly to its alarms, or another"
    " address for the money: each is one variable, and the code runs on with it.",
    severity=Severity.HIGH,
    fix="Bring the setting and the reviewed bounds together.",
    sources=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",),
    judges=(tokens.FUNCTION,),
    reads={tokens.FUNCTION: ("environment", "name"), tokens.MAPPING: ("functionName",)},
    check=_check,
    parameters=(
        Parameter(
            name="values",
            default={},
            schema={
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"type": "object"},
                },
            },
            why="By a pattern of the function's name, by variable (dotted into its JSON): type,"
            " enum, pattern, minimum, maximum, as in JSON Schema; empty judges nothing."
            f" {PLACES}",
        ),
    ),
)
