"""The circuit's table and diagram, found out by asking the state machine itself."""

from msgspec.structs import replace

from handlers.common.circuit.events import (
    Alarm,
    Disable,
    Enable,
    Event,
    Probed,
    ProbeNow,
    Tick,
    Trip,
    Verdict,
)
from handlers.common.circuit.machine import Machine
from handlers.common.circuit.rules import Rules
from handlers.common.circuit.state import Circuit, State
from handlers.common.errors import Cause

NOW = 1_000.0
RULES = Rules(
    consecutive_failures=1,
    failure_rate=0.5,
    minimum_volume=20,
    window=60,
    slow_call=10,
    slow_call_rate=1,
    cool_down=30,
    cool_down_cap=1800,
    ramp=60,
    ramp_concurrency=2,
    drain_time=90,
    turn=60,
)
MACHINE = Machine(RULES, lambda: 0.0)

# In each state, everything that time can end has just ended, so that a Tick shows its effect.
IN_STATE = {
    State.CLOSED: Circuit(service="s", generation=7, since=NOW - 500),
    State.OPEN: Circuit(
        service="s", state=State.OPEN, generation=7, openings=1, cool_down=30, retry_at=NOW
    ),
    State.HALF_OPEN: Circuit(
        service="s", state=State.HALF_OPEN, generation=7, openings=1, ramp_until=NOW
    ),
    State.HELD: Circuit(service="s", state=State.HELD, generation=7, hold_until=NOW),
}
TRIP = Trip(generation=7, cause=Cause.UNAVAILABLE, why="", who="")
EVENTS: dict[str, Event] = {
    "trip, same generation": TRIP,
    "trip, older generation": replace(TRIP, generation=6),
    "alarm, newer than the state": Alarm(at=NOW - 1, why=""),
    "`disable`": Disable(who=""),
    "`enable`": Enable(who=""),
    "time: ramp passed, hold ended": Tick(),
    "probe well": Probed(generation=7, verdict=Verdict.WELL),
    "probe unwell": Probed(generation=7, verdict=Verdict.UNWELL),
    "probe undecided": Probed(generation=7, verdict=Verdict.UNDECIDED),
    "`probe`": ProbeNow(),
}


def state_table() -> str:
    """Events against states, in Markdown."""
    lines = [f"| event | {' | '.join(s.replace('_', '-') for s in State)} |", "| --- " * 5 + "|"]
    for name, event in EVENTS.items():
        cells = [_effect(IN_STATE[state], event) for state in State]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def state_diagram() -> str:
    """The transitions between different states, as a Mermaid diagram."""
    edges: dict[tuple[State, State], list[str]] = {}
    for name, event in EVENTS.items():
        for state, circuit in IN_STATE.items():
            after = MACHINE.after(circuit, event, NOW)
            if after is not None and after.state is not state:
                edges.setdefault((state, after.state), []).append(name.replace("`", ""))
    lines = [f"    {a} --> {b}: {'; '.join(names)}" for (a, b), names in edges.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> closed", *lines, "```"])


def _effect(circuit: Circuit, event: Event) -> str:
    after = MACHINE.after(circuit, event, NOW)
    if after is None:
        return "-"
    name = after.state.replace("_", "-")
    if after.state is not circuit.state or after.state is State.HELD:
        at_once = after.state is State.OPEN and after.retry_at <= NOW
        return f"{name}, probe at once" if at_once else name
    if after.cool_down > circuit.cool_down:
        return f"{name}, longer cool-down"
    return f"{name}, probe at once" if after.retry_at <= NOW else f"{name}, next turn"
