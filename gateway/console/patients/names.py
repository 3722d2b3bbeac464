"""What staff call what the clinic's document lists: types by the name that they have inside the clinic."""

from collections.abc import Mapping
from typing import Any

from gateway.views.own_texts import OwnText, OwnTexts
from shared.clinic.document import item


class Names:
    """The names of one clinic for one reader; what has left the document is called by its key."""

    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self._document = document
        self._own = OwnTexts(language, document["languages"][0])

    def type(self, key: str) -> str:
        """Return the name of a type of appointment, with what patients call it where that is another."""
        entry = item(self._document, "types", key)
        if entry is None:
            return key
        name, alias = self._own(entry["name"]), self._own(entry["alias"])
        if name and alias and name != alias:
            return OwnText(f"{name} ({alias})", alias.language)
        return name or key

    def alias(self, key: str) -> str:
        """Return what patients call a type of appointment."""
        entry = item(self._document, "types", key)
        return key if entry is None else self._own(entry["alias"]) or self._own(entry["name"]) or key

    def practitioner(self, key: str) -> str:
        """Return the name of a practitioner."""
        return self._named("practitioners", key)

    def resource(self, key: str) -> str:
        """Return the name of a room or device."""
        return self._named("resources", key)

    def _named(self, section: str, key: str) -> str:
        entry = item(self._document, section, key)
        return key if entry is None else self._own(entry["name"]) or key
