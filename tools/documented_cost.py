"""What a million transactions cost in money, with prod's settings."""

from dataclasses import replace

from bench.cost import GB, Line, Need, bill, total

BUSY = Need()
QUIET = replace(BUSY, batch=1)


def cost_table() -> str:
    """Every line of the bill, where the queue is never empty and where it nearly is."""
    lines = ["| what | how many | price | dollars |", "| --- | --- | --- | --- |"]
    lines += [_row(busy, quiet) for busy, quiet in zip(bill(BUSY), bill(QUIET), strict=True)]
    whole = _from_to(f"{total(BUSY):.2f}", f"{total(QUIET):.2f}")
    return "\n".join([*lines, f"| **together** | | | **{whole}** |"])


def _row(busy: Line, quiet: Line) -> str:
    amount = _from_to(_amount(busy), _amount(quiet))
    dollars = _from_to(f"{busy.dollars:.2f}", f"{quiet.dollars:.2f}")
    price = f"[{busy.price.dollars:g} {busy.price.words}]({busy.price.page})"
    return f"| {busy.what} | {amount} | {price} | {dollars} |"


def _amount(line: Line) -> str:
    return f"{line.amount / GB:.3g} GB" if line.price.per == GB else f"{line.amount:,.0f}"


def _from_to(first: str, second: str) -> str:
    return first if first == second else f"{first} to {second}"
