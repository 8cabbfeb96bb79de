"""The JSON Schemas of everything that crosses a wire, from the types that read and write it."""

import inspect
import json
import pkgutil
import re
from importlib import import_module
from typing import Any

import msgspec

from components.services import SERVICES
from handlers.common.circuit import control
from handlers.common.circuit.probes import ProbeAnswer, ProbeEvent
from handlers.common.messages.transactions import Transaction
from handlers.common.worker.attempts import Done, NotDone
from handlers.common.worker.dead_letters import LetterReason
from handlers.common.worker.outcomes import Outcome
from handlers.subscription_manager.answers import Answer, Heard, Refusal
from handlers.subscription_manager.notices import RedriveNotice, StatusNotice, TransitionNotice

MESSAGES: dict[str, Any] = {
    "Answer to a transaction sent directly": Done,
    "The same where it came to no end": NotDone,
    "Outcome": Outcome,
    "Reason of a dead letter": LetterReason,
    "Command: enable": control.Enable,
    "Command: disable": control.Disable,
    "Command: probe": control.Probe,
    "Command: status": control.Status,
    "Command: refresh": control.Refresh,
    "Command: redrive": control.Redrive,
    "Command: reconcile": control.Reconcile,
    "Trip": control.Trip,
    "Probe of a worker": ProbeEvent,
    "Answer to a probe": ProbeAnswer,
    "Answer to a command sent directly": Answer,
    "The same where it is refused": Refusal,
    "Answer to SNS": Heard,
    "Notification: transition": TransitionNotice,
    "Notification: redrive": RedriveNotice,
    "Notification: status": StatusNotice,
}


def transactions() -> dict[str, type[Transaction]]:
    """The message of each service, by its transaction type."""
    for service in SERVICES:
        package = import_module(f"handlers.{service.directory}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name != "app":  # it starts a worker
                import_module(f"{package.__name__}.{module.name}")
    found = {_type_of(kind): kind for kind in Transaction.__subclasses__()}
    return {service.transaction_type: found[service.transaction_type] for service in SERVICES}


def _type_of(kind: type[Transaction]) -> object:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}["transaction_type"]


def _title(kind: type) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()


def schemas() -> str:
    """One schema under a heading for each message."""
    arriving = {_title(kind): kind for kind in transactions().values()}
    return "\n\n".join(
        f"<details><summary>{name}</summary>\n\n```json\n{_shown(kind)}\n```\n\n</details>"
        for name, kind in {**arriving, **MESSAGES}.items()
    )


def _shown(kind: type) -> str:
    return json.dumps(schema(kind), indent=2, ensure_ascii=False)


def schema(kind: Any) -> Any:  # noqa: ANN401 - a type, and JSON
    """The JSON Schema of a type, with what its docstring says of its fields."""
    return _as_read(msgspec.json.schema(kind))


def _as_read(part: Any) -> Any:  # noqa: ANN401 - JSON
    """A decimal is taken as a number too, which msgspec's schema does not say; and what is told.

    https://jcristharif.com/msgspec/supported-types.html#decimal
    """
    if isinstance(part, list):
        return [_as_read(each) for each in part]
    if not isinstance(part, dict):
        return part
    inner = {key: _as_read(value) for key, value in part.items()}
    if part.get("format") == "decimal":
        inner["type"] = ["string", "number"]
    if isinstance(part.get("description"), str) and "properties" in part:
        inner["description"], told = _described(part["description"])
        for name in told.keys() & inner["properties"].keys():
            inner["properties"][name] = {"description": told[name], **inner["properties"][name]}
    return inner


def _described(docstring: str) -> tuple[str, dict[str, str]]:
    """What a class's docstring says of it, and of each of its attributes."""
    whole, _, attributes = inspect.cleandoc(docstring).partition("\n\nAttributes:\n")
    told: dict[str, str] = {}
    for names, text in re.findall(r"^    (\w.*?): (.*(?:\n     +.*)*)", attributes, re.MULTILINE):
        told |= dict.fromkeys(names.split(", "), " ".join(text.split()))
    return " ".join(whole.split()), told
