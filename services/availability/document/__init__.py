"""The clinic document: the whole set-up of one clinic, read, checked, brought to normal form, compared.

`check` takes YAML or JSON text, or plain values, and returns the **normal form**, in which every key is present with
its default, together with every problem found. Only a document without problems may be applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.availability.document import text
from services.availability.document.absence_ids import with_absence_ids
from services.availability.document.calendar_checks import check_absence
from services.availability.document.checks import check_together
from services.availability.document.differences import Change, Clash, Merged, compare, merge
from services.availability.document.problems import Problem, shown
from services.availability.document.references import References
from services.availability.document.schema import ABSENCE, ABSENCES_AT_MOST, CLINIC
from services.availability.document.shape import Reading, Section
from services.availability.document.times import zone_of
from shared.texts.language import LANGUAGES

__all__ = [
    "ABSENCES_AT_MOST",
    "Change",
    "Checked",
    "Clash",
    "Merged",
    "Problem",
    "check",
    "check_one_absence",
    "compare",
    "merge",
    "shape",
    "with_absence_ids",
]


@dataclass(frozen=True)
class Checked:
    """A document that was read: its normal form (broken parts are null) and everything that is wrong with it."""

    document: dict[str, Any]
    problems: tuple[Problem, ...]


def check(source: object) -> Checked:
    """Read and check a document given as YAML or JSON text or as plain values."""
    if isinstance(source, str):
        try:
            source = text.read(source)
        except text.Unreadable as unreadable:
            return Checked({}, (unreadable.problem,))
    if not isinstance(source, Mapping):
        return Checked(
            {}, (Problem("", f"{shown(source)} is not a document; write keys such as clinic, name, types."),)
        )
    reading = Reading(_languages(source.get("languages")), zone_of(source.get("time_zone")))
    document = CLINIC.read(source, "", reading)
    _fill_aliases(document, reading)
    check_together(document, reading)
    return Checked(document, tuple(reading.problems))


def shape() -> dict[str, Any]:
    """Return what each key takes, for who draws forms: kind, limits, choices, default (CONTRACTS 2a)."""
    return CLINIC.told()


def check_one_absence(fields: Mapping[str, Any], document: Mapping[str, Any]) -> Checked:
    """Read and check an absence that comes alone; paths are its fields' names. `document`: the clinic's."""
    reading = Reading(_languages(document["languages"]), zone_of(document["time_zone"]))
    absence = Section(ABSENCE).read(fields, "", reading)
    check_absence(absence, References(document, reading), "", reading)
    return Checked(absence, tuple(reading.problems))


def _languages(given: Any) -> tuple[str, ...]:
    """Return the languages that texts may be in, also where the list itself has problems."""
    known = [language for language in given if language in LANGUAGES] if isinstance(given, list | tuple) else []
    return tuple(known) or ("en",)


def _fill_aliases(document: dict[str, Any], reading: Reading) -> None:
    for kind in document["types"]:
        if kind["alias"] is None and kind["name"]:
            kind["alias"] = {reading.languages[0]: kind["name"]}
