"""Which way a text runs: what its first letter says of it, whatever language it stands in."""

import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]


def first_direction(text: str) -> Direction | None:
    """Return the direction of the text's first letter (Unicode Bidirectional Algorithm, P2); None without one."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return None
