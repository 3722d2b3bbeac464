"""Lines of a former system's files in their normal form, and who they are of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.numbers import checked_number
from services.patient.handlers.records import read_changes
from services.patient.handlers.views import noted_of
from services.patient.model.moving_in import ANOTHER_DAY, NO_NUMBERS, WRONG, Arrival, Errors, Imported, Who
from services.patient.model.patients import Patient, Typed, person_key
from services.patient.store import PatientStore
from shared.contracts.errors import Invalid, InvalidNationalId, Refusal
from shared.identity.numbers import NONE
from shared.identity.telephones import normal_phone
from shared.incoming.lines import Line
from shared.sealed import keyed_hash

View = dict[str, Any]

_TYPED = ("first_name", "last_name", "birth_date", "mobile", "email", "sms_ok", "email_ok")
_TOLD = (*_TYPED, "number_hash")
_ASIDE = frozenset({"line", "former", "national_id", "decided"})


def answered(line: int, outcome: str, patient: str | None = None, errors: Errors | None = None, **more: Any) -> View:
    """Return what is answered for a line."""
    return {"line": line, "outcome": outcome, "patient": patient, "errors": dict(errors or {}), **more}


def arrival(desk: Desk, clinic: str, document: Mapping[str, Any], line: Line) -> Arrival:
    """Return a line of a file of patients in its normal form; raise Invalid with all that is wrong with it."""
    sent = line.fields
    fields = {name: value for name, value in sent.items() if name not in _ASIDE}
    given, errors = _given(desk, clinic, document, fields, sent.get("national_id"))
    errors |= line.errors
    told, born = sent.get("birth_date"), given.get("birth_date")
    if told and born and told != born:
        errors |= ANOTHER_DAY
    if errors:
        raise Invalid.because("Some fields are wrong; see errors.", errors=errors)
    typed = Typed(**{name: given[name] for name in _TYPED if name in given})
    former = sent.get("former")
    found_by = former_keys(desk.keys, clinic, former) if former else _content_keys(desk.keys, clinic, typed, given)
    note = sent.get("note", "").strip() or None
    return Arrival(line.number, found_by[0], typed, given, note, sent.get("decided"), found_by)


def _given(
    desk: Desk, clinic: str, document: Mapping[str, Any], fields: Mapping[str, Any], number: str | None
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the record's fields that a line gives, and what is wrong with others."""
    errors: dict[str, list[str]] = {}
    given: dict[str, Any] = {}
    scheme = document["identity"]
    if number and scheme == NONE:
        errors |= NO_NUMBERS
    elif number:
        try:
            identity = {"scheme": scheme, "number": number}
            given = read_changes(desk, clinic, {"identity": identity}, document["country"])
        except InvalidNationalId as wrong:
            errors["national_id"] = [wrong.detail]
    try:
        given = {**read_changes(desk, clinic, fields, document["country"]), **given}
    except Invalid as wrong:
        errors |= wrong.extra["errors"]
    return {name: value for name, value in given.items() if value is not None}, errors


def former_keys(keys: Keys, clinic: str, former: str) -> tuple[str, ...]:
    """Return by what the former system's key of a patient is found: nothing that anybody could read.

    The newest comes first; the line may have been noted by a key of before, and cannot be hashed anew.
    """
    return tuple(_key(key, clinic, "former patient", former) for key in keys.every_lookup)


def need_keys(keys: Keys, clinic: str, former: str | None, *content: str) -> tuple[str, ...]:
    """Return by what a line of needs is known again: its key in the former system, or all that it says."""
    kind, parts = ("former need", (former,)) if former else ("need", content)
    return tuple(_key(key, clinic, kind, *parts) for key in keys.every_lookup)


def _content_keys(keys: Keys, clinic: str, typed: Typed, given: Mapping[str, Any]) -> tuple[str, ...]:
    said = (typed.name_key, str(typed.birth_date), str(typed.mobile), str(typed.email))
    numbers = keys.every_number_hash(clinic, given)
    return tuple(
        _key(key, clinic, "patient", str(number), *said) for key, number in zip(keys.every_lookup, numbers, strict=True)
    )


def _key(key: str, clinic: str, kind: str, *parts: str) -> str:
    return keyed_hash(key, "imported", kind, clinic, *parts)


def lines_known(store: PatientStore, clinic: str, lines: Iterable[Sequence[str]]) -> dict[str, Imported]:
    """Return what lines have become that are known by one of their keys, each by its newest."""
    wanted = {keys[0]: keys for keys in lines}
    found = store.imported(clinic, {key for keys in wanted.values() for key in keys})
    known = ((newest, next((found[key] for key in keys if key in found), None)) for newest, keys in wanted.items())
    return {newest: replace(line, key=newest) for newest, line in known if line is not None}


def hashes(keys: Keys, clinic: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return keyed hashes of what a record or a line says, by field, without what it does not say."""
    return _hashes(keys.lookup, clinic, values)


def hashes_of(keys: Keys, patient: Patient) -> dict[str, str]:
    """Return the same of a record as it is now; of a note by its text, which is sealed otherwise each time."""
    return hashes(keys, patient.clinic, _values_of(patient, keys))


def told_anew(keys: Keys, patient: Patient, told: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a line last `told`, with the newest hashes where a key of before says that the record still does."""
    if not keys.every_lookup[1:]:
        return told
    values, newest, anew = _values_of(patient, keys), hashes_of(keys, patient), dict(told)
    numbers = keys.every_number_hash(patient.clinic, values)
    for key, number in zip(keys.every_lookup, numbers, strict=True):
        before = _hashes(key, patient.clinic, {**values, "number_hash": number})
        anew |= {name: newest[name] for name, hash in before.items() if told.get(name) == hash}
    return anew


def _hashes(key: str, clinic: str, values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: keyed_hash(key, "imported field", clinic, name, str(values[name]))[:16]
        for name in (*_TOLD, "note_sealed")
        if values.get(name) is not None
    }


def _values_of(patient: Patient, keys: Keys) -> dict[str, Any]:
    return {**vars(patient), "note_sealed": noted_of(patient, keys)}


def who(desk: Desk, clinic: str, document: Mapping[str, Any], asked: Mapping[str, Any]) -> Who:
    """Return whom a line means, in the normal form; raise Invalid for a number that breaks its rule.

    A telephone that is none leads to nobody.
    """
    former, number, scheme = asked.get("former"), asked.get("national_id"), document["identity"]
    first, last, email = asked.get("first_name"), asked.get("last_name"), asked.get("email")
    born: date | None = asked.get("birth_date")
    hashes_of_number: tuple[str, ...] = ()
    if number and scheme == NONE:
        raise Invalid.because("Numbers are not kept.", errors={"patient.national_id": NO_NUMBERS["national_id"]})
    if number:
        try:
            _, canonical = checked_number({"scheme": scheme, "number": number})
        except InvalidNationalId as wrong:
            raise Invalid.because(wrong.detail, errors={"patient.national_id": [wrong.detail]}) from None
        hashes_of_number = desk.keys.number_hashes(clinic, scheme, canonical)
    return Who(
        id=asked.get("id"),
        found_by=former_keys(desk.keys, clinic, former) if former else (),
        scheme=scheme if hashes_of_number else None,
        hashes=hashes_of_number,
        name_key=person_key(first, last) if first and last else None,
        birth_date=born,
        mobile=_telephone(asked.get("mobile"), document["country"]),
        email=email.strip() if email else None,
    )


def _telephone(text: str | None, country: str | None) -> str | None:
    try:
        return normal_phone(text, country) if text else None
    except ValueError:
        return None


def wrong(line: int, refused: Refusal) -> View:
    """Return the answer for a line that cannot be taken over as it is."""
    return answered(line, WRONG, errors=refused.extra["errors"])
