"""What somebody can read who has the rows and none of the keys."""

import re

from shared.sealed import Sealer, Unsealable

_PERHAPS_SEALED = re.compile(r"\w+\.[\w-]{38,}={0,2}", re.ASCII)
"""What Sealer makes looks like this: its key's name, and the base64 of 12 random bytes, a value, and a tag of 16."""


def lying_open(stored: object, *sealers: Sealer) -> str:
    """Return what is stored as text, without the texts in it that one of `sealers` opens.

    A short word stands by chance in one of many sealed texts: who looks for it must look beside them.
    """
    return _PERHAPS_SEALED.sub(lambda found: "" if _opens(found[0], sealers) else found[0], str(stored))


def opened(stored: object, *sealers: Sealer) -> str:
    """Return what is stored as text, with every text in it that one of `sealers` opens in its place: what there is."""

    def open_all(found: re.Match[str]) -> str:
        for sealer in sealers:
            try:
                return str(sealer.open(found[0]))
            except Unsealable:
                continue
        return found[0]

    return _PERHAPS_SEALED.sub(open_all, str(stored))


def _opens(text: str, sealers: tuple[Sealer, ...]) -> bool:
    for sealer in sealers:
        try:
            sealer.open(text)
        except Unsealable:
            continue
        return True
    return False
