"""What every field of a form is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.around import Around, Pairs

Told = Mapping[str, Any]
"""What availability tells of a key: `{kind, …}`."""
Texts = dict[str, list[str]]
"""What stands in a form, by the names of its inputs; several where several are ticked."""


@dataclass(frozen=True)
class Drawn:
    """How a field is drawn: its `control`, and whatever of the rest that control shows."""

    name: str
    control: str
    label: str
    heading: str = ""
    hint: str = ""
    required: bool = False
    longest: int = 200
    choices: Pairs = ()
    rows: int = 0
    parts: tuple["Drawn", ...] = field(default=())


@dataclass(frozen=True)
class Field(ABC):
    """A value of the document as a part of a form.

    `name` is that of its input, or what theirs begin with; `path` says by which words it is called.
    """

    name: str
    path: str
    told: Told
    around: Around

    @abstractmethod
    def written(self, value: Any) -> Texts:
        """Return what stands in the form where the document says `value`."""

    @abstractmethod
    def read(self, typed: Typed, present: Any) -> Any:
        """Return what the document is to say, by what was typed where it says `present`."""

    @abstractmethod
    def drawn(self, typed: Typed) -> Drawn:
        """Return how it is drawn where that was typed."""

    def told_of(self, typed: Typed) -> Any:
        """Return what was typed, as it is told where others have changed it as well."""
        return self.read(typed, None)

    def tidied(self, texts: Texts) -> Texts:
        """Return the texts without the rows that were left empty or taken away."""
        return texts

    @property
    def is_required(self) -> bool:
        """Whether something must be there."""
        return bool(self.told.get("required"))

    @property
    def default(self) -> Any:
        """What holds where nothing is said."""
        return self.told.get("default")

    def draw(self, control: str, **more: Any) -> Drawn:
        """Return the field under its own words."""
        words = self.around.words
        said = {"label": self.label, "heading": words.heading(self.path), "hint": words.hint(self.path)}
        given = {**said, "required": self.is_required}
        return Drawn(self.name, control, **{**given, **more})

    @property
    def label(self) -> str:
        """What it is called."""
        return self.around.words.label(self.path)


class Leaf(Field):
    """A single value: what was not touched stays as the document writes it."""

    def read(self, typed: Typed, present: Any) -> Any:
        """Return what the document is to say; what the form did not have at all stays as it is."""
        known = self.written(present)
        if all(name not in typed for name in known) or all(
            [text for text in typed.all(name) if text] == [text for text in texts if text]
            for name, texts in known.items()
        ):
            return present
        return self.value(typed)

    @abstractmethod
    def value(self, typed: Typed) -> Any:
        """Return the value that was typed, None for none; what cannot be read stays as it is, for the check to tell."""
