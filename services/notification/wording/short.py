"""What our own SMS say: everything that must be said, and what else there is room for in as few parts as may be.

One part holds 160 signs, but in an alphabet such as the Persian one 70, and a personal link alone takes some 60 of
them: there it is two parts. Names and addresses are never shortened; where those that must be said are longer, the SMS
has more parts. What finds no room stands on the page that the link opens, and in the email.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from services.notification.model.segments import GSM_7, UCS_2, segments_of

_PARTS = {GSM_7: 1, UCS_2: 2}
"""How many parts may be filled where no more are needed anyway."""

_CHEAP_SIGNS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "…": "..."}
)
_CHEAP_WORDS = {"août": "aout"}
"""What of an SMS would put all of it into UCS-2, at more than twice the price, and has a twin in the GSM alphabet.

The month is spelt without its circumflex as well since the French Academy's changes of 1990.
"""


@dataclass(frozen=True)
class Brief:
    """A line of an SMS: one of rank 0 is always said, the others in the order of their rank while there is room."""

    text: str
    rank: int = 0


def in_cheap_signs(text: str) -> str:
    """Return the text of an SMS with twins in the GSM alphabet for what has one."""
    for dear, cheap in _CHEAP_WORDS.items():
        text = text.replace(dear, cheap)
    return text.translate(_CHEAP_SIGNS)


def fitted(lines: Sequence[Brief]) -> str:
    """Return the SMS of those `lines`, in their order, that find room; empty ones say nothing."""
    said = [Brief(in_cheap_signs(line.text), line.rank) for line in lines if line.text]
    kept = {place for place, line in enumerate(said) if line.rank == 0}
    needed = segments_of(_written(said, kept))
    room = max(needed.parts, _PARTS[needed.encoding])
    for place in sorted(set(range(len(said))) - kept, key=lambda place: said[place].rank):
        if segments_of(_written(said, kept | {place})).parts <= room:
            kept.add(place)
    return _written(said, kept)


def _written(lines: Sequence[Brief], kept: Set[int]) -> str:
    return "\n".join(line.text for place, line in enumerate(lines) if place in kept)
