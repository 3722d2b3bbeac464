"""The clinics' pictures, kept in the process as they are asked for: they are few, small, and the same to everybody."""

import base64
from collections import OrderedDict
from typing import Any

from shared.clinic_documents import ClinicDocument
from shared.contracts.errors import NotFound
from shared.contracts.pictures import Picture

_KEPT = 256
"""How many stay: of some 10 kB each, those of the clinics that patients look at just now."""


class Pictures:
    """One per process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def get(self, availability: Any, clinic: str, name: str, of: ClinicDocument) -> tuple[Picture, bytes]:
        """Return the clinic's picture of a name, as its newest set-up (`of`) knows it, and what it holds.

        Raises NotFound; Unavailable or Timeout where availability has to be asked and does not answer.
        """
        known = of.pictures.get(name)
        if known is None:
            raise NotFound.because("There is no such picture.")
        key = (clinic, name, known.hash)
        if key in self._kept:
            self._kept.move_to_end(key)
            return known, self._kept[key]
        answer = availability.picture(clinic, name)
        found, body = Picture.read(name, answer), base64.b64decode(answer["content"])
        self._kept[clinic, name, found.hash] = body
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found, body
