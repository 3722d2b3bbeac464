"""How many parts an SMS is sent in, and in which alphabet (3GPP TS 23.038 and 23.040; PRODUCT N4)."""

import math
from collections.abc import Set
from dataclasses import dataclass

GSM_7, UCS_2 = "GSM-7", "UCS-2"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take two places: an escape comes before them."""

_GSM_7 = _BASIC | _EXTENDED

_LAST_OF_ONE_PLACE = "\uffff"
"""In UCS-2: those behind it take two places, a surrogate pair."""

_ROOM = {GSM_7: (160, 153), UCS_2: (70, 67)}
"""Places in an SMS of one part, and in each part of a longer one, whose head takes the rest."""


@dataclass(frozen=True)
class Segments:
    """An SMS on its way: `encoding` is GSM_7 or UCS_2, `characters` are the places that it takes, escapes included."""

    encoding: str
    characters: int
    parts: int


def segments_of(text: str) -> Segments:
    """Return how `text` is sent: one sign outside the GSM alphabet puts all of it into UCS-2."""
    signs = set(text)
    encoding = GSM_7 if signs <= _GSM_7 else UCS_2
    wide = signs & _EXTENDED if encoding == GSM_7 else {sign for sign in signs if sign > _LAST_OF_ONE_PLACE}
    single, each = _ROOM[encoding]
    total = len(text) + sum(map(text.count, wide))
    if total <= single:
        return Segments(encoding, total, min(1, total))
    return Segments(encoding, total, _parts(text, wide, each))


def _parts(text: str, wide: Set[str], room: int) -> int:
    """Return how many parts are filled, where none of the signs that are `wide` is torn in two."""
    if not wide:
        return math.ceil(len(text) / room)
    parts, left = 1, room
    for sign in text:
        width = 2 if sign in wide else 1
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts
