"""Short names in Latin letters for addresses and keys, made from names in any script."""

import re
from collections.abc import Collection

from anyascii import anyascii

_NO_SIGNS = re.compile(r"[^a-z0-9]+")
_LONGEST = 30


def short_name(name: str, otherwise: str, taken: Collection[str] = ()) -> str:
    """Return a short name that is not `taken` yet, of a-z, digits and hyphens, at most 34 signs long.

    It is made from `otherwise` where the name has no letter or digit.
    """
    plain = _NO_SIGNS.sub("-", anyascii(name).lower().replace("'", "")).strip("-")
    stem = plain[:_LONGEST].strip("-") or otherwise
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (stem, *numbered) if each not in taken)
