"""`python -m local.privilege`: play the system, say how it went, and write docs/grants.md."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from local.emulator.record import denied
from local.privilege.bounds import out_of_bounds
from local.privilege.parts import parts_of_keys, parts_of_roles
from local.privilege.play import Play, Played
from local.privilege.proofs import unused
from local.privilege.table import DOCUMENT, document
from local.system import System


def main() -> int:
    """0 if the three proofs hold."""
    argparse.ArgumentParser(prog="python -m local.privilege", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as directory, System.start(Path(directory)) as system:
        played = Play(system).run()
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(played.record))
    return _say(played)


def _say(played: Played) -> int:
    if played.account is None:
        raise AssertionError("a play that ends has read its account")
    parts = parts_of_roles(played.account) + parts_of_keys(played.account)
    bounds = out_of_bounds(played.account, played.record)
    refused, idle = denied(played.record), unused(parts, played.record)
    passed = [one for one in played.oversteps if not one.denied]
    judges = Counter(" and ".join(one.use.by) for one in played.denials)
    lines = [
        f"calls of roles and services: {sum(one.count for one in played.record)}",
        f"denied: {len(refused)}",
        f"parts of grants: {len(parts)}, unused: {len(idle)}",
        f"out of bounds, judged: {sum(bounds.tried.values())}, passed: {len(bounds.passed)}",
        f"out of bounds, really called: {len(played.oversteps)}, passed: {len(passed)}",
        *(f"  denied by {judge}: {count} kinds of calls" for judge, count in judges.items()),
        f"{DOCUMENT.name} is written",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if refused or idle or bounds.passed or passed else 0


if __name__ == "__main__":
    sys.exit(main())
