"""What patient does: makes and fills in records as bookings come, finds, shows and changes them for staff.

Who may is settled before a handler is called: all but `create_or_fill` is for staff of the clinic, tools and services.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from services.patient.model import Patient, Sought, Typed, changed, filled_in, masked, new_patient, person_key
from services.patient.secrets import Secrets
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import ChangedMeanwhile, Invalid, InvalidNationalId, NotFound
from shared.contracts.patient import PATIENT_CREATED, PATIENT_UPDATED, SERVICE
from shared.identity import SCHEMES, birth_date, check_number, normal_email, normal_phone

if TYPE_CHECKING:
    from services.patient.store import PatientStore
    from shared.bus.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments

    Work = UnitOfWork[PatientStore]

_AN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Cause:
    """Who brought a change about (`Actor.brief`), in which request, and when."""

    actor: dict[str, str | None]
    correlation_id: str
    at: datetime


def create_or_fill(work: Work, event: Event, now: datetime, secrets: Secrets) -> None:
    """Make the patient of a new booking, or fill in the known one's mobile and email where missing (PRODUCT B18).

    Either way an event tells booking who its patient is; a repeated event does nothing.
    """
    typed = Typed.from_person(secrets.people.open(event.data["person"]))
    origin = event.data["origin"]
    with work() as store:
        if not store.first_time("create_or_fill", event, now):
            return
        known = _known(store, event.clinic, typed, secrets)
        patient = filled_in(known, typed) if known else _made(event.clinic, typed, origin, now, secrets)
        if known is None:
            store.add(patient)
        elif patient != known:
            store.replace(patient)
        happened = PATIENT_UPDATED if known else PATIENT_CREATED
        store.publish(_event(happened, patient, secrets, Cause(event.actor, event.correlation_id, now), event.subject))


def identify(
    work: Work, documents: ClinicDocuments, clinic: str, fields: Mapping[str, Any], secrets: Secrets
) -> dict[str, Any]:
    """Return `{known, patient}`: whether the clinic knows this person, and their id or None (B7, S13).

    Raises InvalidNationalId for a number that breaks its rule.
    """
    identity = fields["identity"]
    typed = Typed(
        first_name=fields.get("first_name", ""),
        last_name=fields.get("last_name", ""),
        identity=_checked_number(identity) if identity else None,
        birth_date=fields["birth_date"],
        mobile=_phone_to_compare(fields.get("mobile", ""), clinic, documents),
        email=fields.get("email") or None,
    )
    with work.reading() as store:
        patient = _same(store, clinic, typed, secrets, to_change=False)
    return {"known": patient is not None, "patient": patient.id if patient else None}


def find(
    work: Work, documents: ClinicDocuments, clinic: str, fields: Mapping[str, Any], secrets: Secrets
) -> dict[str, Any]:
    """Return `{patients, next}`: a page of those that `q` finds, by name, their numbers masked."""
    document, limit = documents.get(clinic).document, fields["limit"]
    with work.reading() as store:
        after = store.get(clinic, fields["cursor"]) if fields["cursor"] else None
        if fields["cursor"] and after is None:
            raise Invalid.because("There is no such page.", errors={"cursor": ["Start again from the first page."]})
        page = store.find(clinic, _sought(fields["q"], clinic, document["country"], secrets), after, limit + 1)
    zone = ZoneInfo(document["time_zone"])
    return {
        "patients": [patient_json(patient, zone, secrets, full_number=False) for patient in page[:limit]],
        "next": page[limit - 1].id if len(page) > limit else None,
    }


def get(work: Work, documents: ClinicDocuments, clinic: str, id: str, secrets: Secrets) -> dict[str, Any]:
    """Return one patient with the full number; raise NotFound where the clinic has none of that id."""
    zone = ZoneInfo(documents.get(clinic).document["time_zone"])
    with work.reading() as store:
        return patient_json(_present(store, clinic, id), zone, secrets, full_number=True)


def update(
    work: Work,
    documents: ClinicDocuments,
    clinic: str,
    id: str,
    fields: Mapping[str, Any],
    secrets: Secrets,
    cause: Cause,
) -> dict[str, Any]:
    """Change what staff correct and return the patient as it is now; without a difference nothing happens.

    Raises Invalid with `errors` by field, InvalidNationalId, NotFound, and ChangedMeanwhile where `version` is old.
    """
    document = documents.get(clinic).document
    changes = _changes(clinic, fields, document["country"], secrets)
    with work() as store:
        before = _present(store, clinic, id, to_change=True)
        if fields.get("version") not in (None, before.version):
            raise ChangedMeanwhile.because("Somebody changed this patient meanwhile; look again.")
        if changes.get("number_hash") == before.number_hash:
            changes.pop("number_sealed", None)  # the same number sealed anew is no change
        patient = changed(before, **changes)
        if patient.number_hash != before.number_hash:
            _refuse_number_of_another(store, patient)
        if patient != before:
            store.replace(patient)
            store.publish(_event(PATIENT_UPDATED, patient, secrets, cause))
    return patient_json(patient, ZoneInfo(document["time_zone"]), secrets, full_number=True)


def patient_json(patient: Patient, zone: ZoneInfo, secrets: Secrets, *, full_number: bool) -> dict[str, Any]:
    """Return the patient as staff see them; the identity number in full or masked.

    `sms_ok` and `email_ok` are null where the patient was never asked.
    """
    identity = None
    if patient.scheme and patient.number_sealed:
        number = secrets.numbers.open(patient.number_sealed)
        shown = number if full_number else masked(patient.scheme, number)
        identity = {"scheme": patient.scheme, "number": shown}
    return {
        "id": patient.id,
        **_contact(patient),
        "sms_reminder": patient.sms_reminder,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "identity": identity,
        "origin": patient.origin,
        "created_at": patient.created_at.astimezone(zone).isoformat(timespec="seconds"),
        "version": patient.version,
    }


def _known(store: PatientStore, clinic: str, typed: Typed, secrets: Secrets) -> Patient | None:
    """Return the patient that staff named, or the one that was typed, alone with them until the commit."""
    named = store.get(clinic, typed.patient, to_change=True) if typed.patient else None
    if named is not None:
        return named
    if typed.identity:
        store.one_at_a_time(secrets.number_hash(clinic, *typed.identity))
    else:
        store.one_at_a_time("\x1f".join((clinic, str(typed.birth_date), typed.name_key)))
    return _same(store, clinic, typed, secrets, to_change=True)


def _same(store: PatientStore, clinic: str, typed: Typed, secrets: Secrets, *, to_change: bool) -> Patient | None:
    if typed.identity:
        number_hash = secrets.number_hash(clinic, *typed.identity)
        return store.by_number(clinic, typed.identity[0], number_hash, to_change=to_change)
    return store.same_person(clinic, typed, to_change=to_change)


def _made(clinic: str, typed: Typed, origin: str, now: datetime, secrets: Secrets) -> Patient:
    return new_patient(
        typed,
        id=uuid.uuid4().hex,
        clinic=clinic,
        number_hash=secrets.number_hash(clinic, *typed.identity) if typed.identity else None,
        number_sealed=secrets.numbers.seal(typed.identity[1]) if typed.identity else None,
        origin=origin,
        now=now,
    )


def _present(store: PatientStore, clinic: str, id: str, *, to_change: bool = False) -> Patient:
    patient = store.get(clinic, id, to_change=to_change) if _AN_ID.fullmatch(id) else None
    if patient is None:
        raise NotFound.because("The clinic has no such patient.")
    return patient


def _refuse_number_of_another(store: PatientStore, patient: Patient) -> None:
    if not patient.scheme or not patient.number_hash:
        return
    store.one_at_a_time(patient.number_hash)
    other = store.by_number(patient.clinic, patient.scheme, patient.number_hash)
    if other is not None and other.id != patient.id:
        taken = {"identity.number": ["Another patient of the clinic has this number."]}
        raise Invalid.because("Another patient of the clinic has this number.", errors=taken)


def _changes(clinic: str, fields: Mapping[str, Any], country: str | None, secrets: Secrets) -> dict[str, Any]:
    """Return the record's fields to change, in their normal forms; raise Invalid with all that are wrong."""
    changes = {name: value for name, value in fields.items() if name not in {"identity", "version"}}
    errors: dict[str, list[str]] = {}
    for name, normal in (("mobile", lambda text: normal_phone(text, country)), ("email", normal_email)):
        if name in changes:
            try:
                changes[name] = normal(changes[name]) if changes[name].strip() else None
            except ValueError as wrong:
                errors[name] = [str(wrong)]
    if errors:
        raise Invalid.because("Some fields are wrong; see errors.", errors=errors)
    if "identity" in fields:
        scheme, number = _checked_number(fields["identity"])
        changes |= {"scheme": scheme, "number_hash": secrets.number_hash(clinic, scheme, number)}
        changes["number_sealed"] = secrets.numbers.seal(number)
        born = birth_date(scheme, number)
        changes |= {"birth_date": born} if born else {}
    return changes


def _checked_number(identity: Mapping[str, str]) -> tuple[str, str]:
    scheme = identity["scheme"]
    try:
        return scheme, check_number(scheme, identity["number"])
    except ValueError as wrong:
        raise InvalidNationalId.because(str(wrong), errors={"identity.number": [str(wrong)]}) from None


def _phone_to_compare(text: str, clinic: str, documents: ClinicDocuments) -> str | None:
    """Return the number in E.164; numbers with their prefix, as booking sends them, need no clinic document."""
    if not text:
        return None
    country = None if text.startswith("+") else documents.get(clinic).document["country"]
    try:
        return normal_phone(text, country)
    except ValueError:
        return None


def _sought(q: str, clinic: str, country: str | None, secrets: Secrets) -> Sought:
    numbers = []
    for scheme in SCHEMES:
        try:
            numbers.append((scheme, secrets.number_hash(clinic, scheme, check_number(scheme, q))))
        except ValueError:
            continue
    try:
        mobile = normal_phone(q, country)
    except ValueError:
        mobile = None
    return Sought(tuple(person_key(q).split()), q.strip(), mobile, tuple(numbers))


def _event(happened: str, patient: Patient, secrets: Secrets, cause: Cause, booking: str | None = None) -> Event:
    return new_event(
        SERVICE,
        happened,
        clinic=patient.clinic,
        subject=patient.id,
        version=patient.version,
        data={
            "patient": patient.id,
            "booking": booking,
            "sms_reminder": patient.sms_reminder,
            "person": secrets.people.seal(_contact(patient)),
        },
        now=cause.at,
        actor=cause.actor,
        correlation_id=cause.correlation_id,
    )


def _contact(patient: Patient) -> dict[str, Any]:
    return {
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "mobile": patient.mobile,
        "email": patient.email,
        "sms_ok": patient.sms_ok,
        "email_ok": patient.email_ok,
    }
