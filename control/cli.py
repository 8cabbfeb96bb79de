"""The operator's command.

Exit codes:

- 0 done
- 1 failed
- 2 wrong arguments
- 3 not well (status --check), open again at once (enable), nothing found (journey)
- 4 not confirmed
- 5 sent, but its effect was not seen in time
- 6 refused
"""

import contextlib
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live

from control import show
from control.anywhere import OptionsAnywhere
from control.errors import Exit, UsageError
from control.journeys import journey, letters
from control.orders import Orders
from control.place import LOCAL, ROOT, reach
from control.stack import Stack
from control.status import read_status
from control.terminal import Choice, confirm, console, print_json, tell
from control.times import seconds_of

app = typer.Typer(
    cls=OptionsAnywhere,
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    pretty_exceptions_enable=False,
)


Service = Annotated[str, typer.Argument(help="e.g. payment-processing")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="kept in the circuit's history")]
Since = Annotated[str, typer.Option(help="how far back, e.g. 2h or 14d")]


@app.callback()
def choose(  # noqa: PLR0913, PLR0917 - the options that every command has
    context: typer.Context,
    stack: Annotated[str, typer.Option(help="local, dev, staging, prod", envvar="STACK")] = LOCAL,
    region: Annotated[str | None, typer.Option(help="of the stack; never for local")] = None,
    directory: Annotated[
        Path, typer.Option(help="of the local system", show_default=".local/up of the project")
    ] = ROOT / ".local" / "up",
    role: Annotated[bool, typer.Option(help="take on the operator's role if it is there")] = True,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="ask nothing")] = False,
    wait: Annotated[str, typer.Option(help="how long to wait for an effect")] = "2m",
) -> None:
    """Steers and shows one stack of the utility customer system."""
    context.obj = Choice(
        stack=lambda: Stack(reach(stack, directory=directory, region=region, take_role=role)),
        as_json=json,
        sure=yes,
        patience=seconds_of(wait),
    )


@app.command()
def status(
    context: typer.Context,
    check: Annotated[bool, typer.Option(help="exit with 3 unless all is well")] = False,
) -> None:
    """Circuits, subscriptions, queues, dead letters, alarms: the stack in one look."""
    choice: Choice = context.obj
    found = read_status(choice.stack())
    tell(choice, found, show.status_table(found))
    if check and not found.well:
        raise typer.Exit(Exit.NOT_WELL)


@app.command()
def watch(
    context: typer.Context,
    every: Annotated[str, typer.Option(help="between two looks")] = "2s",
    looks: Annotated[int, typer.Option(min=0, help="how many; 0 is until Ctrl-C")] = 0,
) -> None:
    """The status, live; with --json one line for each look."""
    choice: Choice = context.obj
    pause, stack, left = seconds_of(every), choice.stack(), looks or sys.maxsize
    with (
        contextlib.suppress(KeyboardInterrupt),  # the way to end it
        Live(console=console(), screen=False, auto_refresh=False) as live,
    ):
        while left:
            found = read_status(stack)
            if choice.as_json:
                print_json(found)
            else:
                live.update(show.status_table(found), refresh=True)
            left -= 1
            if left:
                time.sleep(pause)


@app.command()
def history(
    context: typer.Context,
    service: Service,
    most: Annotated[int, typer.Option(min=1, help="how many transitions")] = 20,
) -> None:
    """What the circuit of a service went through: when, who, why."""
    choice: Choice = context.obj
    stack = choice.stack()
    found = stack.records.history(stack.service(service).service, most)
    tell(choice, found, show.history_table(service, found))


@app.command()
def disable(
    context: typer.Context,
    service: Service,
    reason: Reason,
    lasting: Annotated[
        str | None, typer.Option("--for", help="the hold ends by itself, e.g. 2h")
    ] = None,
) -> None:
    """Hold a service: nothing is delivered until enable, or until --for is over."""
    choice: Choice = context.obj
    until = _end_of_hold(lasting) if lasting else None
    stack = choice.stack()
    confirm(choice, f"Hold {service} of {stack.place.stack}? Its transactions will wait.")
    done = Orders(stack, choice.patience).disable(service, reason, until)
    tell(choice, done, show.effect_line(done))


@app.command()
def enable(context: typer.Context, service: Service, reason: Reason) -> None:
    """Resume a service that is held or open; it ramps up."""
    choice: Choice = context.obj
    stack = choice.stack()
    confirm(choice, f"Resume {service} of {stack.place.stack}? It will call the bank at once.")
    done = Orders(stack, choice.patience).enable(service, reason)
    tell(choice, done, show.effect_line(done))


@app.command()
def probe(context: typer.Context, service: Service, reason: Reason = "") -> None:
    """Try an open circuit now instead of after its cool-down."""
    choice: Choice = context.obj
    done = Orders(choice.stack(), choice.patience).probe(service, reason or "probe now")
    tell(choice, done, show.effect_line(done))


@app.command("dead-letters")
def dead_letters(context: typer.Context, service: Service, since: Since = "14d") -> None:
    """How many dead letters a service has, and why, by its logs."""
    choice: Choice = context.obj
    begin = time.time() - seconds_of(since)
    stack = choice.stack()
    count = sum(stack.counts(stack.service(service).dead_letter_queue))
    found = letters(stack, service, begin) if count else []
    reasons = Counter((one.event, one.code) for one in found)
    content = {
        "service": service,
        "dead_letters": count,
        "reasons": [
            {"end": end, "code": code, "messages": number}
            for (end, code), number in reasons.most_common()
        ],
        "letters": found,
    }
    tell(choice, content, show.letters_table(service, count, found))


@app.command()
def redrive(  # noqa: PLR0913, PLR0917 - how to choose among the letters
    context: typer.Context,
    service: Service,
    reason: Reason = "",
    count: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="at most so many")] = None,
    message: Annotated[list[str] | None, typer.Option(help="only this message id")] = None,
    end: Annotated[str | None, typer.Option(help="only this end, e.g. dead_lettered")] = None,
    code: Annotated[str | None, typer.Option(help="only this reason")] = None,
    force: Annotated[bool, typer.Option(help="also what is older than a completed one")] = False,
) -> None:
    """Send dead letters back to their queue, to be worked anew."""
    choice: Choice = context.obj
    stack = choice.stack()
    there = sum(stack.counts(stack.service(service).dead_letter_queue))
    warning = " Their customers' order is given up." if force else ""
    confirm(choice, f"Send back up to {count or there} of {there} dead letters?{warning}")
    wanted = {"count": count, "ids": message or None, "end": end, "code": code}
    if force:
        wanted["force"] = force
    done = Orders(stack, choice.patience).redrive(service, reason or "redrive", wanted)
    tell(choice, done, show.moved_line(done))


@app.command("journey")
def show_journey(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(help="the customer's id, exactly")],
    since: Since = "7d",
    message: Annotated[str | None, typer.Option(help="only this message id")] = None,
) -> None:
    """What happened to a customer's transactions, event by event."""
    choice: Choice = context.obj
    begin = time.time() - seconds_of(since)
    found = journey(choice.stack(), customer, begin, message)
    tell(choice, found, show.journey_table(customer, found))
    if not found:
        raise typer.Exit(Exit.NOT_WELL)


def _end_of_hold(lasting: str) -> datetime:
    seconds = seconds_of(lasting)
    if not seconds:
        raise UsageError(f"--for {lasting}: a hold that is over at once is none")
    return datetime.now(UTC) + timedelta(seconds=seconds)
