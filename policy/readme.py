"""Writes the table of controls into the pack's README: `python -m policy.readme`."""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from policy.control import Control, Level
from policy.controls import catalogue

README: Final = Path(__file__).with_name("README.md")
_BEGIN: Final = "<!-- controls: begin (python -m policy.readme) -->"
_END: Final = "<!-- controls: end -->"


def table() -> str:
    """All controls by service, and those that are off with their reasons."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    controls = catalogue()
    off = [control for control in controls if control.level is Level.DISABLED]
    yield f"{len(controls)} controls, {len(off)} of them off by default.\n"
    for service, members in groupby(controls, key=lambda control: control.service):
        yield f"### {service}\n"
        yield "| control | what holds | severity | sources |"
        yield "|---|---|---|---|"
        for control in members:
            mark = " (off)" if control.level is Level.DISABLED else ""
            mends = " (mends)" if control.remedy else ""
            yield (
                f"| `{control.id}`{mark}{mends} | {control.title} | {control.severity}"
                f" | {_sources(control)} |"
            )
        yield ""
    yield "### Off by default, and why\n"
    for control in off:
        yield f"- `{control.id}`: {control.off_because}"
    yield "\n### Parameters\n"
    for control in controls:
        for parameter in control.parameters:
            yield f"- `{control.id}.{parameter.name}`: {parameter.why}"


def _sources(control: Control) -> str:
    return ", ".join(
        f"[page]({source})" if source.startswith("https://") else source
        for source in control.sources
    )


def written(text: str) -> str:
    """A README's text with the table put between its marks."""
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{table()}\n{_END}{after}"


def main() -> None:
    """Put the present table into the README."""
    README.write_text(written(README.read_text()))
    sys.stdout.write(f"{len(catalogue())} controls\n")


if __name__ == "__main__":
    main()
