"""What the calendar needs of the clinic's document: who and what there is, by key, under the names that staff use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.views.own_texts import OwnText, OwnTexts
from shared.clinic.look import readable_ground

Document = Mapping[str, Any]

_USUAL_KINDS = ("#d9ecf2", "#e2efd9", "#f4e3d0", "#e7e0f1", "#f3dde1", "#e6e6dc")
"""For block kinds to which the clinic gives no colour, in turn."""


@dataclass(frozen=True)
class Named:
    """A practitioner, type, block kind, room or device; `look` is the class of its colour, "" where it has none."""

    key: str
    name: str
    detail: str | None = None
    look: str = ""


@dataclass(frozen=True)
class CalendarClinic:
    """The clinic as its calendar names things. `colours` is the sheet of its looks."""

    practitioners: Mapping[str, Named]
    resources: Mapping[str, Named]
    types: Mapping[str, Named]
    kinds: Mapping[str, Named]
    colours: str

    @property
    def colours_tag(self) -> str:
        """What is another whenever the sheet is."""
        return hashlib.sha256(self.colours.encode()).hexdigest()[:12]


def calendar_clinic(document: Document, language: str) -> CalendarClinic:
    """Return what a document in normal form says, for a reader; a type's `detail` is what patients call it.

    A kind of block is drawn in a lighter colour than the document's where texts on that could not be read.
    """
    own = OwnTexts(language, document["languages"][0])
    kinds = [
        {**row, "colour": readable_ground(row["colour"] or usual)}
        for row, usual in _with_usual(document["block_kinds"])
    ]
    sections = {"p": document["practitioners"], "t": document["types"], "k": kinds}
    return CalendarClinic(
        practitioners=_named(own, "p", document["practitioners"], "title"),
        resources=_named(own, "", document["resources"]),
        types=_named(own, "t", document["types"], "alias"),
        kinds=_named(own, "k", kinds),
        colours="".join(rule for mark, rows in sections.items() for rule in _rules(mark, rows)),
    )


def _with_usual(rows: list[Document]) -> Iterator[tuple[Document, str]]:
    return ((row, _USUAL_KINDS[index % len(_USUAL_KINDS)]) for index, row in enumerate(rows))


def _named(own: OwnTexts, mark: str, rows: Iterable[Document], detail: str | None = None) -> dict[str, Named]:
    return {
        row["key"]: Named(
            row["key"],
            OwnText(row["name"], own.default),
            own(row[detail]) if detail else None,
            f"{mark}{index}" if mark and row["colour"] else "",
        )
        for index, row in enumerate(rows)
    }


def _rules(mark: str, rows: Iterable[Document]) -> Iterator[str]:
    """Yield a rule for each colour; the document's reader has seen to it that it is `#rrggbb`."""
    return (f".{mark}{index}{{--own:{row['colour']}}}\n" for index, row in enumerate(rows) if row["colour"])
