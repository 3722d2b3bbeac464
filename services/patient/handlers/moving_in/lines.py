"""Lines of a former system's files in their normal form, and who they are of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.numbers import checked_number
from services.patient.handlers.records import read_changes
from services.patient.handlers.views import noted_of
from services.patient.model.moving_in import ANOTHER_DAY, NO_NUMBERS, WRONG, Arrival, Errors, Who
from services.patient.model.patients import Patient, Typed, person_key
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
    number_hash = given.get("number_hash")
    content = (str(number_hash), typed.name_key, str(typed.birth_date), str(typed.mobile), str(typed.email))
    former = sent.get("former")
    key = former_key(desk.keys, clinic, former) if former else _key(desk.keys, clinic, "patient", *content)
    note = sent.get("note", "").strip() or None
    return Arrival(line.number, key, typed, given, note, sent.get("decided"))


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


def former_key(keys: Keys, clinic: str, former: str) -> str:
    """Return by what the former system's key of a patient is found: nothing that anybody could read."""
    return _key(keys, clinic, "former patient", former)


def need_key(keys: Keys, clinic: str, former: str | None, *content: str) -> str:
    """Return by what a line of needs is known again: its key in the former system, or all that it says."""
    return _key(keys, clinic, "former need", former) if former else _key(keys, clinic, "need", *content)


def _key(keys: Keys, clinic: str, kind: str, *parts: str) -> str:
    return keyed_hash(keys.lookup, "imported", kind, clinic, *parts)


def hashes(keys: Keys, clinic: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return keyed hashes of what a record or a line says, by field, without what it does not say."""
    return {
        name: keyed_hash(keys.lookup, "imported field", clinic, name, str(values[name]))[:16]
        for name in (*_TOLD, "note_sealed")
        if values.get(name) is not None
    }


def hashes_of(keys: Keys, patient: Patient) -> dict[str, str]:
    """Return the same of a record as it is now; of a note by its text, which is sealed otherwise each time."""
    return hashes(keys, patient.clinic, {**vars(patient), "note_sealed": noted_of(patient, keys)})


def who(desk: Desk, clinic: str, document: Mapping[str, Any], asked: Mapping[str, Any]) -> Who:
    """Return whom a line means, in the normal form; raise Invalid for a number that breaks its rule.

    A telephone that is none leads to nobody.
    """
    former, number, scheme = asked.get("former"), asked.get("national_id"), document["identity"]
    first, last, email = asked.get("first_name"), asked.get("last_name"), asked.get("email")
    born: date | None = asked.get("birth_date")
    hashed = None
    if number and scheme == NONE:
        raise Invalid.because("Numbers are not kept.", errors={"patient.national_id": NO_NUMBERS["national_id"]})
    if number:
        try:
            _, canonical = checked_number({"scheme": scheme, "number": number})
        except InvalidNationalId as wrong:
            raise Invalid.because(wrong.detail, errors={"patient.national_id": [wrong.detail]}) from None
        hashed = desk.keys.number_hash(clinic, scheme, canonical)
    return Who(
        id=asked.get("id"),
        key=former_key(desk.keys, clinic, former) if former else None,
        scheme=scheme if hashed else None,
        number_hash=hashed,
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
