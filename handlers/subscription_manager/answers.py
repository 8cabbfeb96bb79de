"""What the manager answers, to whom invoked it."""

from typing import Literal

import msgspec

from handlers.subscription_manager.commands import Result
from handlers.subscription_manager.reconcile import Turn
from handlers.subscription_manager.status import ServiceStatus


class ServiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a command came to for one service.

    Attributes:
        detail: Why, where the result does not say it.
        turn: What became of its mapping; None where the command changed nothing.
        status: None where the circuit cannot be read, and to the schedule, which does not ask.
    """

    service: str
    result: Result
    detail: str
    turn: Turn | None
    status: ServiceStatus | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """To a command that was sent directly.

    Attributes:
        action: As it was sent.
        accepted: Whether any service took it.
    """

    action: str
    accepted: bool
    services: tuple[ServiceAnswer, ...]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """To what does not validate.

    Attributes:
        code: `invalid_command`, `unknown_action`, `unknown_service`, or `invalid_event` where it is
            neither a command nor an event of SNS.
    """

    code: str
    reason: str
    accepted: Literal[False] = False


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """To SNS: how many messages it brought."""

    heard: int
