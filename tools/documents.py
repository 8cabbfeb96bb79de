"""Writes the parts of docs/ that follow from the code: `python -m tools.documents`.

A page has its generated parts between two markers; a test fails where a part is not current.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from tools.documented_circuit import state_diagram, state_table
from tools.documented_cost import cost_table
from tools.documented_messages import schemas
from tools.documented_settings import settings_table, stack_table
from tools.documented_transaction import transaction_diagram

ROOT = Path(__file__).resolve().parent.parent
PARTS: dict[str, Callable[[], str]] = {
    "state-diagram": state_diagram,
    "state-table": state_table,
    "transaction": transaction_diagram,
    "schemas": schemas,
    "cost": cost_table,
    "settings": settings_table,
    "stacks": stack_table,
}
MARKED = re.compile(r"(<!-- generated: (?P<part>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rendered(page: str) -> str:
    """The page with every generated part made anew."""
    return MARKED.sub(
        lambda match: f"{match[1]}{PARTS[match['part']]().rstrip()}\n{match[3]}", page
    )


def pages() -> list[Path]:
    """The pages that have generated parts."""
    return [
        path for path in sorted((ROOT / "docs").glob("*.md")) if MARKED.search(path.read_text())
    ]


def main() -> int:
    """Writes every page that is not current, and names it."""
    for path in pages():
        text = path.read_text()
        if (new := rendered(text)) != text:
            path.write_text(new)
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
