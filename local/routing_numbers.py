"""Numbers of banks, as the American Bankers Association forms them."""

from random import Random

WEIGHTS = (3, 7, 1)


def drawn(chance: Random) -> str:
    """Nine digits, of which the last is the right check digit of the others."""
    digits = [chance.randrange(10) for _ in range(8)]
    total = sum(digit * WEIGHTS[place % 3] for place, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)
