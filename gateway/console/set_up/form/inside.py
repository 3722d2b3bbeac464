"""Fields with others inside: sections, texts by language, maps, rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.field import Drawn, Field, Leaf, Texts
from gateway.console.set_up.form.single import as_typed, is_empty
from shared.texts.language import format_number

_MOST_ROWS = 1000
_SPARE, _MORE = 1, 4
"""How many empty rows stand below those that there are, and how many where more are wanted."""
MORE = "more:"
"""What the button says that wants more rows: this, and whose."""


@dataclass(frozen=True)
class Section(Field):
    """Keys with fields of their own, as `fields`."""

    fields: dict[str, Field]

    def written(self, value: Any) -> Texts:
        """Return what stands in all of its fields."""
        present = self.completed(value)
        found: Texts = {}
        for name, field in self.fields.items():
            found |= field.written(present[name])
        return found

    def read(self, typed: Typed, present: Any) -> Any:
        """Return the section; one that may be missing is, where nothing is said in it."""
        known = self.completed(present)
        read = {**(present or {}), **{name: field.read(typed, known[name]) for name, field in self.fields.items()}}
        may_be_missing = self.default is None and not self.is_required
        if may_be_missing and read != present and all(self._says_nothing(name, each) for name, each in read.items()):
            return None
        return read

    def _says_nothing(self, name: str, value: Any) -> bool:
        return is_empty(value) or (name in self.fields and value == self.fields[name].default)

    def completed(self, value: Any) -> dict[str, Any]:
        """Return every key's value, where nothing is said its default."""
        return {name: (value or {}).get(name, field.default) for name, field in self.fields.items()}

    def drawn(self, typed: Typed) -> Drawn:
        """Return all of its fields."""
        return self.draw("section", parts=tuple(field.drawn(typed) for field in self.fields.values()))

    def tidied(self, texts: Texts) -> Texts:
        """Tidy every field."""
        for field in self.fields.values():
            texts = field.tidied(texts)
        return texts


class ByLanguage(Leaf):
    """A text that patients see, in each of the clinic's languages."""

    def written(self, value: Any) -> Texts:
        """Return the text of each language."""
        said = self._by_language(value)
        return {self._name(language): [as_typed(said.get(language) or "")] for language, _ in self.around.languages}

    def value(self, typed: Typed) -> Any:
        """Return what is said in each language."""
        said = {language: typed[self._name(language)] for language, _ in self.around.languages}
        return {language: text for language, text in said.items() if text} or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return an input for each language."""
        longest = self.told["longest"]
        control = "area" if self.told["lines"] and longest > 100 else "text"
        parts = tuple(
            Drawn(self._name(language), control, called, longest=longest, rows=3 if longest <= 500 else 5)
            for language, called in self.around.languages
        )
        return self.draw("languages", parts=parts)

    def _name(self, language: str) -> str:
        return f"{self.name}.{language}"

    def _by_language(self, value: Any) -> dict[str, str]:
        """Return a text by language; one that stands alone is in the first."""
        return {self.around.languages[0][0]: value} if isinstance(value, str) else value or {}


class Map(Section):
    """A map by keys that the document lists, or that there are: what is said of none is left out."""

    def read(self, typed: Typed, present: Any) -> Any:
        """Return what something is said of, in the order in which it stood."""
        read = super().read(typed, present) or {}
        return {name: value for name, value in read.items() if value is not None}

    def drawn(self, typed: Typed) -> Drawn:
        """Return its fields; those of what the document lists are called by its name."""
        names = dict(self.around.named(self.told["key"].get("of", ())))
        drawn = super().drawn(typed)
        parts = zip(self.fields, drawn.parts, strict=True)
        return replace(drawn, parts=tuple(replace(part, label=names.get(key, part.label)) for key, part in parts))


@dataclass(frozen=True)
class Rows(Field):
    """A list whose items stand in rows; one that is emptied, or marked as gone, is taken out.

    `row_of` makes the field of one by its name.
    """

    row_of: Callable[[str], Field]

    def written(self, value: Any) -> Texts:
        """Return how many rows there are, which each was, and what stands in it."""
        found: Texts = {self._count: [str(len(value or ()))]}
        for index, item in enumerate(value or ()):
            found |= {self._was(index): [str(index)], **self.row(index).written(item)}
        return found

    def read(self, typed: Typed, present: Any) -> Any:
        """Return the items of the rows that are left."""
        if self._count not in typed:
            return present
        known = dict(enumerate(present or ()))
        return [
            self.row(index).read(typed, known.get(_number(typed[self._was(index)]), self._nothing))
            for index in range(_number(typed[self._count]))
        ]

    def drawn(self, typed: Typed) -> Drawn:
        """Return the rows that there are, and some to fill in."""
        count = _number(typed[self._count])
        spare = _MORE if typed["do"] == f"{MORE}{self.name}" else _SPARE
        rows = tuple(self._row_drawn(index, typed) for index in range(count + spare))
        return self.draw("rows", parts=rows, rows=count)

    def _row_drawn(self, index: int, typed: Typed) -> Drawn:
        """Return a row; the words stand above all of them once."""
        number = format_number(index + 1, self.around.language)
        return replace(self.row(index).drawn(typed), label=f"{self.label} {number}", hint="")

    def tidied(self, texts: Texts) -> Texts:
        """Return the texts with the rows that are left, counted from the first."""
        sent = range(min(_number(_last(texts, self._count)), _MOST_ROWS))
        typed = Typed.written(texts)
        left = [index for index in sent if self._is_left(index, typed)]
        moved = {
            f"{self._of(new)}{name.removeprefix(self._of(old))}": values
            for new, old in enumerate(left)
            for name, values in texts.items()
            if name == self._of(old) or name.startswith(f"{self._of(old)}.")
        }
        others = {name: values for name, values in texts.items() if not self._is_mine(name)}
        if self._count in texts:
            others[self._count] = [str(len(left))]
        return {**others, **moved}

    def row(self, index: int) -> Field:
        """Return the field of one row."""
        return self.row_of(self._of(index))

    @property
    def _nothing(self) -> Any:
        return {} if self.told["item"]["kind"] == "section" else None

    @property
    def _count(self) -> str:
        return f"{self.name}.rows"

    def _was(self, index: int) -> str:
        return f"{self._of(index)}.was"

    def _of(self, index: int) -> str:
        return f"{self.name}.{index}"

    def _is_mine(self, name: str) -> bool:
        rest = name.removeprefix(f"{self.name}.")
        return rest != name and rest.partition(".")[0].isdecimal()

    def _is_left(self, index: int, typed: Typed) -> bool:
        row = self.row(index)
        return not typed.is_on(f"{self._of(index)}.gone") and not is_empty(row.read(typed, self._nothing))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _last(texts: Texts, name: str) -> str:
    return (texts.get(name) or [""])[-1]
