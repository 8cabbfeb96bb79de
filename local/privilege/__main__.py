"""`python -m local.privilege`: play the system, say how it went, and write docs/grants.md."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from local.emulator.record import denied
from local.errors import LocalError
from local.privilege.bounds import out_of_bounds
from local.privilege.parts import parts_of_keys, parts_of_roles
from local.privilege.play import Play
from local.privilege.played import Played
from local.privilege.proofs import unused
from local.privilege.table import DOCUMENT, document
from local.system import System


def main() -> int:
    """0 if the three proofs hold, 1 if one does not, 2 if the system did not play."""
    argparse.ArgumentParser(prog="python -m local.privilege", description=__doc__).parse_args()
    try:
        with tempfile.TemporaryDirectory() as directory, System.start(Path(directory)) as system:
            played = Play(system).run()
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(played.record))
    said, holds = report(played)
    sys.stdout.write("\n".join([*said, f"{DOCUMENT.name} is written"]) + "\n")
    return 0 if holds else 1


def report(played: Played) -> tuple[list[str], bool]:
    """What there is to say of a play, and whether the proofs hold."""
    if played.account is None:
        raise AssertionError("a play that ends has read its account")
    parts = parts_of_roles(played.account) + parts_of_keys(played.account)
    bounds = out_of_bounds(played.account, played.record)
    refused, idle = denied(played.record), unused(parts, played.record)
    passed = [one for one in played.oversteps if not one.denied]
    judges = Counter(" and ".join(one.use.by) for one in played.denials)
    said = [
        f"calls of roles and services: {sum(one.count for one in played.record)}",
        f"denied: {len(refused)}",
        *(f"  {one.use}" for one in refused),
        f"parts of grants: {len(parts)}, unused: {len(idle)}",
        *(f"  {part}" for part in idle),
        f"out of bounds, judged: {sum(bounds.tried.values())}, passed: {len(bounds.passed)}",
        f"out of bounds, really called: {len(played.oversteps)}, passed: {len(passed)}",
        *(f"  denied by {judge}: {count} kinds of calls" for judge, count in judges.items()),
    ]
    return said, not (refused or idle or bounds.passed or passed)


if __name__ == "__main__":
    sys.exit(main())
