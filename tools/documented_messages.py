"""The JSON Schemas of everything that crosses a wire, from the types that read and write it."""

import json
from typing import Any

import msgspec

from handlers.common.circuit import control
from handlers.common.messages.transactions import BankAccountSetup, Payment
from handlers.common.worker.attempts import Done
from handlers.common.worker.dead_letters import LetterReason
from handlers.common.worker.outcomes import Outcome
from handlers.subscription_manager.notices import RedriveNotice, TransitionNotice
from handlers.subscription_manager.status import ServiceStatus

MESSAGES: dict[str, Any] = {
    "Bank account": BankAccountSetup,
    "Payment": Payment,
    "Answer to a transaction sent directly": Done,
    "Outcome": Outcome,
    "Reason of a dead letter": LetterReason,
    "Command: enable": control.Enable,
    "Command: disable": control.Disable,
    "Command: probe": control.Probe,
    "Command: status": control.Status,
    "Command: refresh": control.Refresh,
    "Command: redrive": control.Redrive,
    "Trip": control.Trip,
    "Status of a service": ServiceStatus,
    "Notification: transition": TransitionNotice,
    "Notification: redrive": RedriveNotice,
}


def schemas() -> str:
    """One schema under a heading for each message."""
    return "\n\n".join(
        f"<details><summary>{name}</summary>\n\n```json\n{_schema(kind)}\n```\n\n</details>"
        for name, kind in MESSAGES.items()
    )


def _schema(kind: type) -> str:
    return json.dumps(msgspec.json.schema(kind), indent=2)
