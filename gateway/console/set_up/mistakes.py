"""Where in a form each mistake stands that availability has found in the document."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.console.set_up.checking import Mistake
from gateway.console.set_up.form.field import Drawn
from gateway.console.set_up.places import Place

_NUMBER = re.compile(r"\[(\d+)\]")


class Beside(NamedTuple):
    """The sentences by the fields that they belong to, what these fields are called, and what stands elsewhere."""

    errors: dict[str, str]
    called: dict[str, str]
    elsewhere: list[Mistake]


def beside_fields(mistakes: Sequence[Mistake], prefix: str, drawn: Drawn) -> Beside:
    """Return where mistakes stand; of several at one field the first.

    `prefix` is the path of what the form edits. A mistake in what has no field of its own stands at what it is in.
    """
    names = set(_names(drawn))
    found = Beside({}, {}, [])
    for mistake in mistakes:
        name = _field_of(mistake.path, prefix, names)
        if name is None:
            found.elsewhere.append(mistake)
        elif name not in found.errors:
            found.errors[name] = mistake.message
            found.called[name] = _called(mistake.place, is_of_item=bool(prefix)) if name else ""
    return found


def _called(place: Place, *, is_of_item: bool) -> str:
    """Return what a field is called; the item is named where the page is not its own."""
    return " – ".join(filter(None, ("" if is_of_item else place.item, place.rest))) or place.part


def _field_of(path: str, prefix: str, names: set[str]) -> str | None:
    if not path.startswith(prefix):
        return None
    name = _NUMBER.sub(r".\1", path.removeprefix(prefix)).strip(".")
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name or ("" if prefix and path.startswith(prefix) else None)


def _names(drawn: Drawn) -> Iterator[str]:
    yield drawn.name
    for part in drawn.parts:
        yield from _names(part)
