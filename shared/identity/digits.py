"""What national numbers of every country have in common: how they are typed, and that nobody is born tomorrow."""

import unicodedata
from datetime import date


class NotRight(ValueError):
    """The number has the form that its scheme asks for, but was never given out: a digit must be wrong."""


def plain(text: str) -> str:
    """Return ASCII digits and `+` of `text`, without spaces, dashes, dots and direction marks; other signs stay."""
    kept = (sign for sign in text if unicodedata.category(sign) not in {"Zs", "Cf", "Pd"} and sign not in ".−\t")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept)


def digits_of(text: str, *lengths: int) -> str:
    """Return `text` where it is one of so many ASCII digits; raise ValueError where it is not."""
    if not text.isascii() or not text.isdigit() or len(text) not in lengths:
        raise ValueError("wrong length or signs")
    return text


def require_lived(born: date | None, today: date) -> None:
    """Raise NotRight where somebody would be born after `today`."""
    if born is not None and born > today:
        raise NotRight("not born yet")
