"""What an operator reads, as narrow as a terminal is at night."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType

from control import show
from control.journeys import Event
from control.records import Transition
from control.stack import Firing
from control.status import ServiceStatus, Status
from handlers.common.errors import Cause
from tests.unit.components.harness import ROOT

NARROW = 80
STREAM = "2026/11/25/[$LATEST]aa5beda66f6645ef8bb28dea2b6ad4fa"


def shown(picture: RenderableType, width: int = NARROW) -> list[str]:
    console = Console(file=StringIO(), width=width)
    with console.capture() as captured:
        console.print(picture)
    return captured.get().splitlines()


def service(**changes: object) -> ServiceStatus:
    fields: dict[str, object] = {
        "service": "payment-processing",
        "circuit": "open",
        "why": "the bank answered 503",
        "who": STREAM,
        "cause": "unavailable",
        "since": "2024-11-25T03:12:00.000Z",
        "paused_since": "2024-11-25T02:58:00.000Z",
        "generation": 9,
        "next_probe_at": "2024-11-25T03:42:00.000Z",
        "hold_until": None,
        "closes_at": None,
        "mapping": "Disabled",
        "concurrency": 50,
        "agrees": True,
        "depth": 12345,
        "in_flight": 0,
        "age": 840.0,
        "dead_letters": 3,
        "time_to_data_loss": 1_208_760.0,
    }
    return ServiceStatus(**(fields | changes))  # type: ignore[arg-type]


def status(*services: ServiceStatus) -> Status:
    alarm = Firing(
        name="utility-customer-system-prod-payment-processing-circuit",
        means="The service is paused",
        since="2024-11-25T02:59:00+00:00",
    )
    return Status(
        stack="prod",
        at="2024-11-25T03:20:00.000Z",
        well=False,
        services=list(services),
        unrouted=0,
        alarms=[alarm],
    )


def test_one_look_says_what_is_broken_since_when_what_it_costs_and_what_to_do() -> None:
    lines = shown(show.status_table(status(service())))
    (row,) = [line for line in lines if "12345" in line]
    assert row.split()[:4] == ["payment-processing", "open", "Disabled", "12345"]
    assert row.rstrip().endswith("13d 23h")
    text = " ".join(" ".join(lines).split())
    assert "open since 2024-11-25 02:58:00; unavailable: the bank answered 503" in text
    assert "by worker aa5beda6; next probe 2024-11-25 03:42:00" in text
    assert "do: nothing; it comes back by a probe" in text
    assert "ALARM payment-processing-circuit since 2024-11-25 02:59:00" in text


def test_a_service_that_is_well_is_told_in_its_row_alone() -> None:
    well = service(circuit="closed", cause=None, why="", paused_since=None, next_probe_at=None)
    text = " ".join(shown(show.status_table(status(well))))
    assert text.count("payment-processing ") == 1
    assert "do:" not in text


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_its_advice_here_and_in_the_guide(cause: Cause) -> None:
    guide = (ROOT / "docs" / "troubleshooting.md").read_text()
    assert f"| `{cause}` |" in guide
    (told,) = [
        line for line in shown(show.status_table(status(service(cause=cause)))) if "do:" in line
    ]
    assert show.ADVICE[cause] in told


def event(kind: str, at: str, correlation: str = "corr", **more: object) -> Event:
    fields: dict[str, object] = {
        "event": kind,
        "at": f"2024-11-25T03:00:{at}Z",
        "service": "payment-processing",
        "correlation_id": correlation,
    }
    return Event(**(fields | more))  # type: ignore[arg-type]


def test_a_journey_tells_each_message_by_itself_and_each_event_on_one_line() -> None:
    lines = shown(
        show.journey_table(
            "cust-1",
            [
                event("message_received", "00.000"),
                event("message_received", "00.100", "other"),
                event("validation_completed", "00.200", message_id="pay-1"),
                event("bank_called", "00.300", message_id="pay-1"),
                event("rejected", "00.500", message_id="pay-1", code="insufficient_funds"),
                event(
                    "deferred", "00.600", "other", code="CircuitOpen", detail="the circuit is open"
                ),
            ],
        )
    )
    told = [" ".join(line.split()) for line in lines if line.strip()]
    assert told == [
        "payment-processing pay-1: rejected",
        "2024-11-25 03:00:00.000 message_received",
        "2024-11-25 03:00:00.200 validation_completed",
        "2024-11-25 03:00:00.300 bank_called",
        "2024-11-25 03:00:00.500 rejected insufficient_funds",
        "payment-processing not read yet: deferred",
        "2024-11-25 03:00:00.100 message_received",
        "2024-11-25 03:00:00.600 deferred CircuitOpen: the circuit is open",
    ]


def test_a_history_has_one_line_for_each_transition() -> None:
    moved = Transition(
        generation=1, from_state="half_open", to_state="open", at=1764040000.0, who=STREAM,
        why="the bank answered 503", cause="unavailable",
    )  # fmt: skip
    lines = shown(show.history_table("payment-processing", [moved]), 120)
    rows = [line for line in lines if "503" in line]
    assert len(rows) == 1
    assert "worker aa5beda6" in rows[0]


@pytest.mark.parametrize(
    "picture",
    [
        show.journey_table("nobody", []),
        show.history_table("payment-processing", []),
        show.letters_table("payment-processing", 0, []),
    ],
)
def test_nothing_is_told_in_words_and_not_by_an_empty_table(picture: RenderableType) -> None:
    (line,) = shown(picture)
    assert line.startswith(("nobody: nothing found", "payment-processing: "))
