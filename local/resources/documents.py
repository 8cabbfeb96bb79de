"""Policy documents, as `aws.iam.get_policy_document` writes them: no account is needed."""

import json
from typing import Any

from local.resources.kind import Properties

ELEMENTS = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}


def policy_document(arguments: Properties) -> Properties:
    """The answer of `aws:iam/getPolicyDocument:getPolicyDocument`."""
    document: Properties = {"Version": arguments.get("version", "2012-10-17")}
    if "policyId" in arguments:
        document["Id"] = arguments["policyId"]
    document["Statement"] = [_statement(given) for given in arguments.get("statements", [])]
    return {
        **arguments,
        "id": "document",
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _statement(given: Properties) -> Properties:
    statement: Properties = {"Effect": given.get("effect", "Allow")}
    if given.get("sid"):
        statement["Sid"] = given["sid"]
    for key, element in ELEMENTS.items():
        if given.get(key):
            statement[element] = _one_or_many(given[key])
    for key, element in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(key):
            statement[element] = _principals(given[key])
    if given.get("conditions"):
        statement["Condition"] = _conditions(given["conditions"])
    return statement


def _principals(given: list[Properties]) -> Any:  # noqa: ANN401 - "*" or a map
    principals = {one["type"]: _one_or_many(one["identifiers"]) for one in given}
    return "*" if principals == {"*": "*"} else principals


def _conditions(given: list[Properties]) -> Properties:
    conditions: Properties = {}
    for one in given:
        conditions.setdefault(one["test"], {})[one["variable"]] = _one_or_many(one["values"])
    return conditions


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
