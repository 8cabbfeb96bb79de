"""Which changes of a resource make a new one.

AWS says so itself: in the schemas of its resource kinds (docs.aws.amazon.com/cloudformation-cli/
latest/userguide/resource-type-schema.html, `createOnlyProperties`), which cfn-lint carries. What
they leave out is with the kind (`Kind.fixed`), each property with its source.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from local.resources.kind import Kind

REGION = "us-east-2"
EVERYWHERE = ("region",)  # a resource's region, since version 7 of the AWS provider


@cache
def fixed_properties(kind: Kind) -> frozenset[str]:
    """The properties, by Pulumi's names, that cannot change while the resource lives."""
    spelled = {wanted: key for key, wanted in kind.schema_names.items()}
    from_schema = {
        spelled.get(name, name[0].lower() + name[1:]) for name in _create_only(kind.schema)
    }
    return frozenset({*from_schema, *kind.fixed, *EVERYWHERE})


def _create_only(schema: str) -> frozenset[str]:
    """The top-level properties that a schema of AWS calls create-only."""
    if not schema:
        return frozenset()
    document = json.loads((_schemas() / "resources" / f"{_index()[schema]}.json").read_text())
    # "/properties/EncryptionConfiguration/KmsKey" is about a part of the property.
    return frozenset(path.split("/")[2] for path in document.get("createOnlyProperties", []))


@cache
def _index() -> Mapping[str, str]:
    return json.loads((_schemas() / "providers" / f"{REGION}.json").read_text())


def _schemas() -> Path:
    return Path(str(files("cfnlint"))) / "data" / "schemas"
