"""Moving in: who of a former system's file is who of the records, and what of a record a file completes (PRODUCT C14).

Nobody is taken for another by name alone, and nobody is made twice: between the two stands doubt, which staff decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from services.patient.model.consent import Word
from services.patient.model.patients import Patient, Typed, changed, corrected, person_key
from shared.contracts.people import ADDRESSES, CONSENTS

NEW, KNOWN, CHANGED, DOUBTFUL, WRONG = "new", "known", "changed", "doubtful", "wrong"
"""What comes of a line."""

NO_SUCH_PATIENT = {"decided": ["The clinic has no such patient. Say new, or pick another one."]}
ANOTHER_DAY = {"birth_date": ["This is another date of birth than the national number tells. Correct one of them."]}
NOBODY = {"patient": ["The clinic knows nobody by this. Take over the patients first."]}
NO_NUMBERS = {"national_id": ["This clinic keeps no national numbers. Leave the column out."]}
ERASED = "The record was erased here. It is made anew only if you say so."

_NAMES = frozenset({"first_name", "last_name"})
_OF_NUMBER = frozenset({"scheme", "number_sealed"})
"""What goes with a number's hash."""

Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Arrival:
    """One line of a file of patients in its normal form; `key` is by what it is known again.

    It may be `found_by` keys of before as well: `key` is the first of all. `fields` are those of the record that the
    line fills, the number among them as hash and sealed. `decided` is `new`, or the id of whose record it is, as staff
    said.
    """

    line: int
    key: str
    typed: Typed
    fields: Mapping[str, Any]
    note: str | None = None
    decided: str | None = None
    found_by: tuple[str, ...] = ()

    @property
    def number_hash(self) -> str | None:
        """What its number is found by."""
        return self.fields.get("number_hash")


@dataclass(frozen=True)
class Imported:
    """Which record or need a line has become, and what it told: keyed hashes by field."""

    key: str
    subject: str
    told: Mapping[str, str]


@dataclass(frozen=True)
class Who:
    """Whom a line is of, in the normal form: `hashes` find the number, and `found_by` the former system's key.

    Of both the newest comes first; there are more of them after a key was replaced.
    """

    id: str | None = None
    found_by: tuple[str, ...] = ()
    scheme: str | None = None
    hashes: tuple[str, ...] = ()
    name_key: str | None = None
    birth_date: date | None = None
    mobile: str | None = None
    email: str | None = None

    @property
    def key(self) -> str | None:
        """By what the former system's key is known."""
        return next(iter(self.found_by), None)

    @property
    def number_hash(self) -> str | None:
        """What the number is found by."""
        return next(iter(self.hashes), None)


class Likeness(Enum):
    """Whether a line is somebody of the records."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    OTHER = "other"


def likeness(arrival: Arrival, patient: Patient) -> Likeness:
    """Tell whether a line is a `patient`.

    One number is one person, if the names agree. Names and birth date, or names alone where a birth date is missing,
    with the mobile or the email are one person; another birth date is another one; between them it is doubtful.
    """
    same_names = arrival.typed.name_key == patient.name_key
    if arrival.number_hash and arrival.number_hash == patient.number_hash:
        return Likeness.SAME if same_names else Likeness.DOUBTFUL
    if not same_names:
        return Likeness.OTHER
    born, known = arrival.typed.birth_date, patient.birth_date
    if born and known and born != known:
        return Likeness.OTHER
    other_number = bool(arrival.number_hash and patient.number_hash)
    if born == known and born is not None:
        return Likeness.SAME if _same_contact(arrival, patient) and not other_number else Likeness.DOUBTFUL
    if other_number or _other_contact(arrival, patient):
        return Likeness.OTHER
    return Likeness.SAME if born == known and _same_contact(arrival, patient) else Likeness.DOUBTFUL


def _same_contact(arrival: Arrival, patient: Patient) -> bool:
    pairs = ((getattr(arrival.typed, name), getattr(patient, name)) for name in ADDRESSES)
    return any(one and other and one.casefold() == other.casefold() for one, other in pairs)


def _other_contact(arrival: Arrival, patient: Patient) -> bool:
    has_contacts = (any(getattr(each, name) for name in ADDRESSES) for each in (arrival.typed, patient))
    return all(has_contacts) and not _same_contact(arrival, patient)


def completed(
    patient: Patient, given: Mapping[str, Any], told: Mapping[str, str], hashes: Mapping[str, str], word: Word
) -> Patient:
    """Return the record with what a line gives of it, one version later; the same record where that is nothing new.

    What is missing is filled in. What stands there gives way only where it is still as the line last told it (`told`,
    compared with `hashes` of the record by field): what staff have corrected since stays, and what the line leaves out.
    An address that the line gives is the patient's, as if staff had typed it (ADR 15). What it says of messages is of
    this `word`.
    """
    fills = {name: value for name, value in given.items() if not _is_said(patient, name, value)}
    changes = {name: value for name, value in fills.items() if _gives_way(patient, name, told, hashes)}
    if "number_hash" not in changes:
        changes = {name: value for name, value in changes.items() if name not in _OF_NUMBER}
    for name, said in CONSENTS.items():  # an address without a word is consent (B18a)
        if name in changes and getattr(patient, said) is None:
            changes.setdefault(said, True)
    after = corrected(patient, word, **changes)
    same = (name for name in ADDRESSES if given.get(name) and given[name] == getattr(after, name))
    after = changed(after, **{f"{name}_confirmed": True for name in same})
    after = changed(after, **{f"{said}_noted": True for said in CONSENTS.values() if said in changes})
    return after if after == patient else replace(after, version=patient.version + 1)


def _is_said(patient: Patient, name: str, value: Any) -> bool:
    """Tell whether the record says the same; a name in other letters is the same."""
    there = getattr(patient, name)
    return bool(there == value or (name in _NAMES and person_key(there) == person_key(value)))


def _gives_way(patient: Patient, name: str, told: Mapping[str, str], hashes: Mapping[str, str]) -> bool:
    """Tell whether a record's field may be filled: it is empty, nobody's word, or as the file told it."""
    if getattr(patient, name) is None or name in _OF_NUMBER:
        return True
    if name in CONSENTS.values() and not getattr(patient, f"{name}_noted"):
        return True
    return name in told and told[name] == hashes.get(name)


def found(who: Who, known: Iterable[Patient]) -> tuple[Patient | None, list[Patient]]:
    """Return whose line it is of those who are `known` by its number or names, and those whom it could mean.

    Raises nothing: nobody and nobody is an answer, too.
    """
    people = list({each.id: each for each in known}.values())
    if who.number_hash:
        owners = [each for each in people if each.number_hash == who.number_hash]
        if owners or not who.name_key:
            return (owners[0] if owners else None), []
    namesakes = [each for each in people if each.name_key == who.name_key]
    if who.birth_date:
        sure = [each for each in namesakes if each.birth_date == who.birth_date]
        namesakes = sure or [each for each in namesakes if each.birth_date is None]
    else:
        sure = []
    by_contact = [each for each in namesakes if _is_reached(who, each)]
    certain = by_contact or sure
    if len(certain) == 1 and not (who.number_hash and certain[0].number_hash):
        return certain[0], []
    return None, certain or namesakes


def _is_reached(who: Who, patient: Patient) -> bool:
    pairs = ((getattr(who, name), getattr(patient, name)) for name in ADDRESSES)
    return any(one and other and one.casefold() == other.casefold() for one, other in pairs)
