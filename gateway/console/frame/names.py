"""What staff call what the clinic's document lists: types by the name that they have inside the clinic."""

from collections.abc import Mapping
from typing import Any

from gateway.views.own_texts import OwnText, OwnTexts
from shared.clinic.document import item
from shared.texts.language import format_price


class Names:
    """The names of one clinic for one reader; what has left the document is called by its key."""

    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self._document = document
        self.language = language
        self._own = OwnTexts(language, document["languages"][0])

    def type(self, key: str) -> str:
        """Return the name that a type of appointment has inside the clinic."""
        return self._named("types", key)

    def type_and_alias(self, key: str) -> str:
        """Return the name of a type of appointment, with what patients call it where that is another."""
        name, alias = self.type(key), self.alias(key)
        return OwnText(f"{name} ({alias})", alias.language) if isinstance(alias, OwnText) and name != alias else name

    def alias(self, key: str) -> str:
        """Return what patients call a type of appointment."""
        entry = item(self._document, "types", key)
        return (entry and self._own(entry["alias"])) or self.type(key)

    def practitioner(self, key: str) -> str:
        """Return the name of a practitioner."""
        return self._named("practitioners", key)

    def resource(self, key: str) -> str:
        """Return the name of a room or device."""
        return self._named("resources", key)

    def question(self, key: str) -> str:
        """Return one of the clinic's own questions."""
        entry = item(self._document, "fields", key)
        return (entry and self._own(entry["label"])) or key

    def price(self, type: str) -> str | None:
        """Return what a type costs, None where nothing is said."""
        entry = item(self._document, "types", type)
        price = entry and entry.get("price")
        return format_price(price, self._document["currency"] or "", self.language) if price else None

    def pairs(self, section: str) -> list[tuple[str, str]]:
        """Return key and name of all `types`, `practitioners` or `resources`."""
        return [(entry["key"], self._own(entry["name"]) or entry["key"]) for entry in self._document[section]]

    def _named(self, section: str, key: str) -> str:
        entry = item(self._document, section, key)
        return (entry and self._own(entry["name"])) or key
