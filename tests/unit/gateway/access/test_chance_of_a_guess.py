"""The chances that ADR 17 names, worked out from the limits as they are."""

import math
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.access.guesses import (
    AT_ALL_CLINICS,
    OF_ADDRESS,
    OF_NETWORK,
    OF_NUMBER_IN_NETWORK,
    SENDINGS_OF_DAY,
    VERY_WARY,
    WARY,
)
from gateway.access.login_codes import DIGITS, LONG_DIGITS, LONGEST_DIGITS, TRIES
from gateway.access.windows import DAY, QUARTER
from services.booking.model.recalls import new_code

ADR = Path(__file__).parents[4] / "docs/adr/0017-guessing-is-hopeless-and-nobody-is-shut-out.md"
RECALL_CODES = 32 ** len(new_code())
QUARTERS = DAY // QUARTER
WINDOWS = 31
"""The most windows of a day that begin within 30 days: each begins a day after the one before, or later."""


@dataclass(frozen=True)
class Attacker:
    """Somebody with so many addresses (of IPv6 /64) in each of so many networks."""

    name: str
    addresses: int
    networks: int = 1

    @property
    def guesses(self) -> int:
        """Wrong codes of one day that are looked at, be they recall codes, or login codes of one clinic."""
        return self.networks * min(self.addresses * OF_ADDRESS, OF_NETWORK) * QUARTERS

    def at_one(self) -> int:
        """Return how many of them may be for one mobile or holder."""
        return min(self.guesses, self.networks * OF_NUMBER_IN_NETWORK * QUARTERS)

    def chance(self, most: int, *bounds: int) -> float:
        """Return the chance with `most` guesses a day, of which `bounds` and WARY let so many be at short codes."""
        short = min(most, self.networks * WARY.network, WARY.everywhere, *bounds)
        long = min(most, VERY_WARY) - short
        return _chance({DIGITS: short, LONG_DIGITS: long, LONGEST_DIGITS: most - short - long})

    def of_login(self) -> float:
        """Return the chance at the logins of a certain patient."""
        return self.chance(min(self.at_one(), SENDINGS_OF_DAY * TRIES), WARY.number, WARY.clinic)

    def of_all_logins(self) -> float:
        """Return the chance at anybody's login at any clinic."""
        return self.chance(AT_ALL_CLINICS * self.guesses)

    def row(self) -> str:
        """Return the attacker's line of the table."""
        chances = (
            self.of_login(),
            self.chance(self.guesses, WARY.clinic),
            self.of_all_logins(),
            _of_recalls(self.at_one()),
            _of_recalls(self.guesses),
        )
        return f"| {self.name} | {' | '.join(map(_percent, chances))} |"


ATTACKERS = (
    Attacker("one address", 1),
    Attacker("a whole /48", 2**16),
    Attacker("1,000 addresses, each in a network of its own", 1, 1000),
)


def _chance(guesses: dict[int, int]) -> float:
    """Return the chance with so many guesses a day at codes of so many digits."""
    return 1 - math.prod((1 - 10.0**-digits) ** (most * WINDOWS) for digits, most in guesses.items())


def _of_recalls(guesses: int) -> float:
    return 1 - (1 - 1 / RECALL_CODES) ** (guesses * WINDOWS)


def _percent(chance: float) -> str:
    """Return a chance to two digits that count, rounded up."""
    percent = 100 * chance
    digits = max(0, 1 - math.floor(math.log10(percent)))
    return f"{math.ceil(percent * 10**digits) / 10**digits:.{digits}f} %" if percent > 0.0001 else "below 0.0001 %"


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda each: each.name)
def test_the_chances_of_adr_17_are_those_of_the_limits(attacker: Attacker) -> None:
    assert attacker.row() in ADR.read_text(encoding="utf-8").splitlines(), attacker.row()


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda each: each.name)
def test_guessing_is_hopeless(attacker: Attacker) -> None:
    assert attacker.of_login() < 1 / 2000
    assert attacker.of_all_logins() < 1 / 200
    assert _of_recalls(attacker.guesses) < 1 / 10_000
