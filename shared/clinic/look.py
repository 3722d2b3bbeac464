"""A clinic's look: the accent colour of its document, and the shades that pages draw with it (PRODUCT B21).

Contrasts are those of WCAG 2.2 (1.4.3): texts stand out by 4.5 to 1 at least. One colour cannot do that on light and
on dark ground alike, so the document's is used on light ground, where it is checked, and a lighter one on dark.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

LEAST_CONTRAST = 4.5
LIGHT_GROUNDS, DARK_GROUNDS = ("#f4f8f8", "#ffffff"), ("#0f1a1c", "#172629")
"""The paper and the cards of our pages (`gateway/views/static/tokens.css`)."""

INK = "#13272b"
"""What texts are written in on light ground."""
BLOCK_SHARE = 0.6
"""How much of a block's colour there is in its ground on light pages; on dark ones it is so little that all will do."""

_BLACK, _WHITE = "#000000", "#ffffff"
_STEP = 0.04

Shades = Mapping[str, str]
"""Colours by what pages call them: `accent`, `accent-strong`, `accent-soft`, `on-accent`."""


class Look(NamedTuple):
    """What pages are drawn with on light and on dark ground."""

    light: Shades
    dark: Shades


def look_of(accent: str) -> Look:
    """Return the shades of an accent colour that `is_readable`."""
    return Look(_light(accent), next(filter(_stand_out_on(DARK_GROUNDS), map(_dark, _towards(_WHITE, accent)))))


def is_readable(accent: str) -> bool:
    """Tell whether texts and buttons of this colour can be read on light ground."""
    return _stand_out_on(LIGHT_GROUNDS)(_light(accent))


def readable_like(accent: str) -> str:
    """Return the colour most like this one that `is_readable`: itself, or darker."""
    return next(filter(is_readable, _towards(_BLACK, accent)))


@lru_cache(1024)
def readable_ground(colour: str) -> str:
    """Return the colour most like this one that can lie under texts as a block of the calendar: itself, or lighter."""
    return next(filter(_lies_under_texts, _towards(_WHITE, colour)))


def contrast(one: str, other: str) -> float:
    """Return how far two colours (`#rrggbb`, `#rgb`) stand apart: 1 for the same, 21 for black and white."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _light(accent: str) -> Shades:
    return {
        "accent": _mixed(accent, _BLACK, 0),
        "accent-strong": _mixed(accent, _BLACK, 0.25),
        "accent-soft": _mixed(_WHITE, accent, 0.1),
        "on-accent": _WHITE,
    }


def _dark(accent: str) -> Shades:
    return {
        "accent": accent,
        "accent-strong": _mixed(accent, _WHITE, 0.3),
        "accent-soft": _mixed(DARK_GROUNDS[1], accent, 0.18),
        "on-accent": _mixed(accent, _BLACK, 0.88),
    }


def _stand_out_on(grounds: tuple[str, ...]) -> Callable[[Shades], bool]:
    """Return what tells whether shades can be read on these grounds, on their soft one and on each other."""

    def stand_out(shades: Shades) -> bool:
        soft, accents = shades["accent-soft"], (shades["accent"], shades["accent-strong"])
        pairs = [(text, ground) for text in accents for ground in (*grounds, soft, shades["on-accent"])]
        return all(contrast(*pair) >= LEAST_CONTRAST for pair in pairs)

    return stand_out


def _lies_under_texts(colour: str) -> bool:
    return all(contrast(INK, _mixed(ground, colour, BLOCK_SHARE)) >= LEAST_CONTRAST for ground in LIGHT_GROUNDS)


def _towards(end: str, colour: str) -> Iterator[str]:
    """Yield a colour and its mixtures with ever more of `end`, to `end` itself."""
    steps = round(1 / _STEP)
    return (_mixed(colour, end, step / steps) for step in range(steps + 1))


def _mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it, as `#rrggbb`."""
    parts = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in parts)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _shares(colour: str) -> list[float]:
    return [part / 255 for part in _parts(colour)]


def _parts(colour: str) -> list[int]:
    """Return red, green and blue, 0 to 255."""
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(each * 2 for each in digits)
    return [int(whole[at : at + 2], 16) for at in (0, 2, 4)]
