"""Single values that are no times: texts, numbers, choices, keys of what the document lists."""

import unicodedata
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.around import Pairs
from gateway.console.set_up.form.field import Drawn, Leaf, Texts
from shared.texts.territories import territories

_LONG = 100
"""A text that may be longer gets several lines."""
_BETWEEN_THOUSANDS = str.maketrans({**dict.fromkeys(" \u00a0\u202f\u2009'\u2019\u066c"), "\u066b": "."})
"""Signs that people set between thousands, and the Persian decimal sign."""
_INPUTS = {"email": "email", "phone": "tel", "web_address": "url", "origin": "url"}


def plain(text: str) -> str:
    """Return a text with ASCII digits in place of any others."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def is_empty(value: Any) -> bool:
    """Tell whether a value says nothing."""
    return value is None or value in ("", [], {})


class Text(Leaf):
    """A text, and whatever is written like one: an address, a number, an amount, a colour, a code."""

    def written(self, value: Any) -> Texts:
        """Return the text in its one way of ending lines."""
        return {self.name: [] if value is None else [as_typed(str(value))]}

    def value(self, typed: Typed) -> Any:
        """Return the text; digits are ASCII in all that is no text of words."""
        text = typed[self.name]
        return (text if self.told["kind"] == "text" else plain(text)) or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return an input of its kind, or an area for several lines."""
        kind = self.told["kind"]
        longest = self.told.get("longest", 200)
        if kind == "text" and self.told["lines"] and longest > _LONG:
            return self.draw("area", longest=longest)
        if kind == "colour":
            return self.draw("colour")
        return self.draw(_INPUTS.get(kind, "text" if kind == "text" else "code"), longest=longest)


class Number(Text):
    """A whole number."""

    def value(self, typed: Typed) -> Any:
        """Return the number, or what stands in its place."""
        text = plain(typed[self.name])
        return int(text) if text.isdecimal() and len(text) < 10 else text or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return a short input."""
        return self.draw("number")


class Switched(Number):
    """A whole number behind a switch, which stands at the usual one where none was said."""

    def written(self, value: Any) -> Texts:
        """Return whether there is one, and the number."""
        return {
            self._switch: [] if value is None else ["yes"],
            **super().written(self._usual if value is None else value),
        }

    def value(self, typed: Typed) -> Any:
        """Return the number, None where it is switched off."""
        if not typed.is_on(self._switch):
            return None
        return self._usual if (number := super().value(typed)) is None else number

    def drawn(self, typed: Typed) -> Drawn:
        """Return the switch, and a short input."""
        number = Drawn(self.name, "number", self.around.words.label(f"{self.path}.number"), required=True)
        return self.draw("switched", parts=(Drawn(self._switch, "check", self.label), number))

    @property
    def _switch(self) -> str:
        return f"{self.name}.on"

    @property
    def _usual(self) -> int:
        return int(self.told["usual"])


class Amount(Text):
    """An amount of money, typed as people write it: 995, 1 250,50, 2٬500٬000."""

    def value(self, typed: Typed) -> Any:
        """Return it without signs between thousands, and with a point; 1,250 stays what it is not: an amount."""
        text = plain(typed[self.name]).translate(_BETWEEN_THOUSANDS)
        return text.replace(",", ".") or None


class Flag(Leaf):
    """Yes or no."""

    def written(self, value: Any) -> Texts:
        """Return whether the box is ticked."""
        return {self.name: ["yes"] if value else []}

    def value(self, typed: Typed) -> Any:
        """Return whether it was ticked."""
        return typed.is_on(self.name)

    def drawn(self, typed: Typed) -> Drawn:
        """Return a box to tick."""
        return self.draw("check")


class Choice(Text):
    """One of few: words of the document, keys of what it lists, countries."""

    @property
    def choices(self) -> Pairs:
        """What it may be."""
        words, told = self.around.words, self.told
        if told["kind"] == "key":
            return self.around.named(told["of"])
        if told["kind"] == "code":
            return territories(self.around.language)
        return [(each, words.choice(self.path, each)) for each in told["choices"]]

    def value(self, typed: Typed) -> Any:
        """Return what was chosen."""
        return typed[self.name] or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return a list to choose from; "nothing" is among it where nothing need be said, or was."""
        choices, chosen = list(self.choices), typed[self.name]
        if chosen and chosen not in dict(choices):
            choices.append((chosen, chosen))
        nothing = [] if chosen and (self.is_required or self.default is not None) else [("", self._nothing())]
        return self.draw("choose", choices=[*nothing, *choices], required=True)

    def _nothing(self) -> str:
        return self.around.words.nothing(self.path)


class Ticked(Leaf):
    """Several of few, in the order in which these are listed."""

    @property
    def choices(self) -> Pairs:
        """What may be ticked."""
        item = self.told["item"]
        if item["kind"] == "key":
            return self.around.named(item["of"])
        return [(each, self.around.words.choice(self.path, each)) for each in item["choices"]]

    def written(self, value: Any) -> Texts:
        """Return what is ticked, as the boxes stand."""
        listed = dict(self.choices)
        chosen = list(value or [])
        return {self.name: [*(each for each in listed if each in chosen), *(e for e in chosen if e not in listed)]}

    def value(self, typed: Typed) -> Any:
        """Return what was ticked."""
        return [text for text in typed.all(self.name) if text]

    def drawn(self, typed: Typed) -> Drawn:
        """Return boxes to tick."""
        choices = list(self.choices)
        unknown = [(each, each) for each in typed.all(self.name) if each and each not in dict(choices)]
        return self.draw("checks", choices=[*choices, *unknown])


class OneOrSeveral(Ticked):
    """What may be any of a group, or of several: a group that is ticked alone is single, among others all of it."""

    @property
    def choices(self) -> Pairs:
        """What may be ticked."""
        return self.around.named(self.told["single"]["of"])

    def written(self, value: Any) -> Texts:
        """Return what is ticked."""
        return super().written([value] if isinstance(value, str) else value)

    def value(self, typed: Typed) -> Any:
        """Return the one, or all that were ticked."""
        chosen = super().value(typed)
        if len(chosen) == 1 and chosen[0] in dict(self.around.named(["pools"])):
            return chosen[0]
        return list(dict.fromkeys(key for each in chosen for key in self._inside(each))) or None

    def _inside(self, chosen: str) -> list[str]:
        """Return the keys of a group, or of what is none itself."""
        resources = self.around.document["resources"]
        return [row["key"] for row in resources if row["pool"] == chosen] or [chosen]


def as_typed(text: str) -> str:
    """Return a text as a form sends it back."""
    return text.replace("\r\n", "\n").strip()
