"""Where in a form each mistake stands that availability has found in the document."""

import re
from collections.abc import Iterator, Sequence

from gateway.console.set_up.checking import Mistake
from gateway.console.set_up.form.field import Drawn

_NUMBER = re.compile(r"\[(\d+)\]")


def beside_fields(mistakes: Sequence[Mistake], prefix: str, drawn: Drawn) -> tuple[dict[str, str], list[Mistake]]:
    """Return the sentences by the fields that they belong to, and what stands elsewhere in the document.

    `prefix` is the path of what the form edits. A mistake in what has no field of its own stands at what it is in.
    """
    names = set(_names(drawn))
    errors: dict[str, str] = {}
    elsewhere = []
    for mistake in mistakes:
        name = _field_of(mistake.path, prefix, names)
        if name is None:
            elsewhere.append(mistake)
        else:
            errors.setdefault(name, mistake.message)
    return errors, elsewhere


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
