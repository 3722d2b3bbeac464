"""The chances that ADR 17 names, worked out from the limits as they are."""

import math
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.access.guesses import OF_ADDRESS, OF_NETWORK, OF_NUMBER_IN_NETWORK, SENDINGS_OF_DAY, WARY
from gateway.access.login_codes import DIGITS, LONG_DIGITS, TRIES
from gateway.access.windows import DAY, QUARTER
from services.booking.model.recalls import new_code

ADR = Path(__file__).parents[4] / "docs/adr/0017-guessing-is-hopeless-and-nobody-is-shut-out.md"
RECALL_CODES = 32 ** len(new_code())
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
        """Wrong codes of one day, whatever they are for."""
        of_network = min(self.addresses * OF_ADDRESS.day, OF_NETWORK.day, OF_NETWORK.quarter * DAY // QUARTER)
        return self.networks * of_network

    def at_one(self) -> int:
        """Return how many of them may be for one mobile or holder."""
        return min(self.guesses, self.networks * OF_NUMBER_IN_NETWORK * DAY // QUARTER)

    def chance(self, most: int, *bounds: int) -> float:
        """Return the chance with `most` guesses a day, of which `bounds` and WARY let so many be at short codes."""
        short = min(most, self.networks * WARY.network, WARY.everywhere, *bounds)
        return _chance(short, 10**DIGITS, most - short)

    def row(self) -> str:
        """Return the attacker's line of the table."""
        chances = (
            self.chance(min(self.at_one(), SENDINGS_OF_DAY * TRIES), WARY.number, WARY.clinic),
            self.chance(self.guesses, WARY.clinic),
            self.chance(self.guesses),
            1 - (1 - 1 / RECALL_CODES) ** (self.at_one() * WINDOWS),
        )
        return f"| {self.name} | {' | '.join(map(_percent, chances))} |"


ATTACKERS = (
    Attacker("one address", 1),
    Attacker("a whole /48", 2**16),
    Attacker("1,000 addresses, each in a network of its own", 1, 1000),
)


def _chance(short: int, of: int, long: int) -> float:
    return 1 - (1 - 1 / of) ** (short * WINDOWS) * (1 - 10.0**-LONG_DIGITS) ** (long * WINDOWS)


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
    assert attacker.chance(min(attacker.at_one(), SENDINGS_OF_DAY * TRIES), WARY.number) < 1 / 2000
    assert attacker.chance(attacker.guesses) < 1 / 200
