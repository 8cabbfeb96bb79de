"""`python -m local.privilege`: play the system, say how it went, and write docs/grants.md."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from local.emulator.record import denied
from local.errors import LocalError
from local.privilege.bounds import out_of_bounds
from local.privilege.parts import parts_of_keys, parts_of_roles
from local.privilege.play import Play
from local.privilege.played import Played
from local.privilege.proofs import by_wildcard, needless_entries, spared, unused
from local.privilege.search import found_in
from local.privilege.table import DOCUMENT, document
from local.system import System


def main() -> int:
    """0 if every proof holds, 1 if one does not, 2 if the system did not play."""
    argparse.ArgumentParser(prog="python -m local.privilege", description=__doc__).parse_args()
    try:
        with tempfile.TemporaryDirectory() as directory:
            with System.start(Path(directory)) as system:
                played = Play(system).run()
            said, holds = report(played, Path(directory))
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(played.record))
    sys.stdout.write("\n".join([*said, f"{DOCUMENT.name} is written"]) + "\n")
    return 0 if holds else 1


def report(played: Played, directory: Path) -> tuple[list[str], bool]:
    """What there is to say of a play and of what it wrote, and whether every proof holds."""
    proofs = [(what, [str(one) for one in against]) for what, against in _proofs(played, directory)]
    judges = Counter(" and ".join(one.use.by) for one in played.denials)
    said = [
        f"calls of roles and services: {sum(one.count for one in played.record)}",
        *(f"  denied by {judge}: {count} kinds of calls" for judge, count in judges.items()),
    ]
    for what, against in proofs:
        said += [f"{what}: {len(against)}", *(f"  {one}" for one in against)]
    return said, not any(against for _, against in proofs)


def _proofs(played: Played, directory: Path) -> Iterator[tuple[str, Iterable[object]]]:
    """Each proof in words, and what speaks against it."""
    account, record = played.account, played.record
    if account is None:
        raise AssertionError("a play that ends has read its account")
    parts = parts_of_roles(account) + parts_of_keys(account)
    bounds = out_of_bounds(account, record)
    yield "denied", [one.use for one in denied(record)]
    yield f"of {len(parts)} parts of grants unused", unused(parts, record)
    yield "parts without which the run passes too", spared(account, parts, record)
    yield "wildcards where a name could stand", by_wildcard(parts)
    yield (
        "entries of the table of AWS's own calls that explain nothing",
        needless_entries(parts, record),
    )
    yield f"of {sum(bounds.tried.values())} calls out of bounds judged to pass", bounds.passed
    passed = [one for one in played.oversteps if not one.denied]
    yield f"of {len(played.oversteps)} calls out of bounds really passed", passed
    secrets = found_in(played.numbers + played.keys, played.texts, directory)
    # Where each stands, not what it is.
    yield "account numbers and keys written somewhere", [place for place, _ in secrets]


if __name__ == "__main__":
    sys.exit(main())
