"""Bank details for one run, so that a test can look for them in all that the run has written."""

import random
import re
from pathlib import Path

from local import routing_numbers
from local.scenario.lines import FILE

DETAIL = re.compile(r"((?:account|routing)_number\W+)(\d{9,17})\b")
ACCOUNT_DIGITS = 17


class Details:
    """Account and routing numbers that nobody has seen before, in the place of the file's."""

    def __init__(self) -> None:
        self._chance = random.Random()  # noqa: S311 - numbers that only must not repeat
        self.drawn: dict[str, str] = {}

    def scenario(self, folder: Path) -> Path:
        """The demo's scenario with these numbers, in a file of this folder."""
        file = folder / FILE.name
        put = DETAIL.sub(lambda found: found[1] + self._instead_of(found[2]), FILE.read_text())
        file.write_text(put)
        return file

    def _instead_of(self, number: str) -> str:
        if number not in self.drawn:
            routing = len(number) == len("021000021")
            self.drawn[number] = routing_numbers.drawn(self._chance) if routing else self._account()
        return self.drawn[number]

    def _account(self) -> str:
        return str(self._chance.randrange(10 ** (ACCOUNT_DIGITS - 1), 10**ACCOUNT_DIGITS))
