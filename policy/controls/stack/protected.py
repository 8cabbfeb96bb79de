from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Parameter, Severity, Violation
from policy.resource import Resource

_STATEFUL: Final = (tokens.QUEUE, tokens.TOPIC, tokens.TABLE, tokens.KEY)
_WIRING: Final = (tokens.SUBSCRIPTION, tokens.QUEUE_POLICY)
_TO_PEOPLE: Final = ("email", "email-json", "sms")


def _check(resource: Resource, context: Context) -> Judgement:
    if resource.stack in context.words("disposable") or resource.protect is None:
        return
    if resource.type in _WIRING and not (context.flag("wiring") and _carries(resource)):
        return
    if not resource.protect:
        yield Violation(path="(protect)", found="not protected", wanted="protect: true")


def _carries(wiring: Resource) -> bool:
    """Whether what goes through it goes on to a program; a mail to a person may be missed."""
    return not (wiring.known("protocol") and wiring.text("protocol") in _TO_PEOPLE)


CONTROL = Control(
    id="stack-protected",
    title="What holds messages, data or keys is protected in shared stacks",
    why="A renamed or moved resource is made anew and the old one deleted, with its messages.",
    severity=Severity.HIGH,
    fix="Set the option protect, and give moved resources an alias.",
    sources=("https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",),
    judges=(*_STATEFUL, *_WIRING),
    reads={
        **dict.fromkeys((*_STATEFUL, *_WIRING), ("(protect)",)),
        tokens.SUBSCRIPTION: ("(protect)", "protocol"),
    },
    check=_check,
    parameters=(
        Parameter(
            name="disposable",
            default=["local"],
            schema={"type": "array", "items": {"type": "string"}},
            why="Stacks that may be thrown away.",
        ),
        Parameter(
            name="wiring",
            default=False,
            schema={"type": "boolean"},
            why="Whether queue policies and subscriptions other than mails count too: while one is"
            " made anew, what is published meanwhile is lost.",
        ),
    ),
)
