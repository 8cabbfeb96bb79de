"""The JSON Schemas of everything that crosses a wire, from the types that read and write it."""

import json
from typing import Any

import msgspec

from handlers.common import control
from handlers.common.messages import BankAccountSetup, Payment
from handlers.common.outcomes import Outcome

MESSAGES: dict[str, Any] = {
    "Bank account": BankAccountSetup,
    "Payment": Payment,
    "Outcome": Outcome,
    "Command: enable": control.Enable,
    "Command: disable": control.Disable,
    "Command: probe": control.Probe,
    "Command: status": control.Status,
    "Command: refresh": control.Refresh,
    "Command: redrive": control.Redrive,
    "Trip": control.Trip,
}


def schemas() -> str:
    """One schema under a heading for each message."""
    return "\n\n".join(
        f"<details><summary>{name}</summary>\n\n```json\n{_schema(kind)}\n```\n\n</details>"
        for name, kind in MESSAGES.items()
    )


def _schema(kind: type) -> str:
    return json.dumps(msgspec.json.schema(kind), indent=2)
