"""Records of patients: found, shown and corrected by staff, looked up by the other services."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers import views
from services.patient.handlers.desk import Desk, Keys, present, require_theirs, theirs
from services.patient.handlers.following import same_person
from services.patient.handlers.numbers import checked_number, number_found_by
from services.patient.handlers.openings import note
from services.patient.handlers.telling import write_changed
from services.patient.handlers.views import noted_of
from services.patient.model.patients import Patient, Sought, Typed, confirmed, corrected, digits_of, person_key
from services.patient.store import PatientStore
from shared.contracts.errors import ChangedMeanwhile, Invalid
from shared.identity.emails import normal_email
from shared.identity.numbers import SCHEMES, birth_date, check_number
from shared.identity.telephones import normal_mobile, normal_phone
from shared.incoming.paging import no_such_page

Fields = Mapping[str, Any]

OLDEST = date(1850, 1, 1)
"""Nobody was born earlier."""
_DAY = timedelta(days=1)
_LOOKED_AT, _LOOKS = 200, 5
"""Of so many matches a therapist's are picked at once, and how often for one page."""
_NOT_KEPT = frozenset({"identity", "version", "confirm", "note"})
"""What is said with a record's fields and is none of them as it stands."""


def identify(desk: Desk, clinic: str, fields: Fields) -> views.View:
    """Return `{known, patient}`: whether the clinic knows this person, and their id or None (B7, S13).

    Raises InvalidNationalId for a number that breaks its rule.
    """
    identity = fields["identity"]
    typed = Typed(
        first_name=fields.get("first_name", ""),
        last_name=fields.get("last_name", ""),
        identity=checked_number(identity) if identity else None,
        birth_date=fields["birth_date"],
        mobile=_phone_to_compare(desk, clinic, fields.get("mobile", "")),
        email=fields.get("email") or None,
    )
    with desk.work.reading() as store:
        patient = same_person(store, clinic, typed, desk.keys)
    return {"known": patient is not None, "patient": patient.id if patient else None}


def of_login(desk: Desk, clinic: str, proven: Fields) -> views.View:
    """Return `{patients}`: the ids of those whose telephone the proven mobile is, as the clinic has confirmed (B14).

    People may share one; a login that proved a number as well means its owner alone.
    """
    with desk.work.reading() as store:
        return {"patients": patients_of(store, clinic, proven["mobile"], proven["identity"], desk.keys)}


def patients_of(
    store: PatientStore, clinic: str, mobile: str, identity: Mapping[str, str] | None, keys: Keys
) -> list[str]:
    """Return the ids of the clinic's patients with this mobile (E.164) and, if given, this number."""
    return store.of_mobile(clinic, mobile, number_found_by(clinic, identity, keys))


def find(desk: Desk, clinic: str, asked: Fields) -> views.View:
    """Return `{patients, next}`: a page of those that `q` finds, by name, their numbers masked; or all named by `ids`.

    A therapist is shown those whom they treat (C1) and not told that others match: these are passed over, up to a
    thousand for a page, which may then hold fewer than were asked for and go on.
    """
    document = desk.document(clinic)
    zone = ZoneInfo(document["time_zone"])
    if asked["ids"] is None:
        sought = _sought(asked["q"], clinic, document["country"], desk.keys)
        shown, following = _page_of(desk, clinic, sought, asked["cursor"], asked["limit"])
    else:
        shown, following = _named(desk, clinic, asked["ids"]), None
    listed = [views.of_patient(each, zone, desk.keys, full_number=False) for each in shown]
    return {"patients": listed, "next": following}


def _named(desk: Desk, clinic: str, ids: Collection[str]) -> list[Patient]:
    """Return those of these patients whom whoever acts may see."""
    with desk.work.reading() as store:
        found = store.named(clinic, ids)
    return theirs(desk, clinic, found.values())


def _page_of(
    desk: Desk, clinic: str, sought: Sought, cursor: str | None, limit: int
) -> tuple[list[Patient], str | None]:
    """Return the next patients whom whoever acts may see, and the cursor behind them; None where that is the end."""
    at_once = limit + 1 if desk.actor.own_calendar is None else _LOOKED_AT
    shown: list[Patient] = []
    for _ in range(_LOOKS):
        found = _behind(desk, clinic, sought, cursor, at_once)
        shown += theirs(desk, clinic, found)
        if len(shown) > limit:
            return shown[:limit], shown[limit - 1].id
        if len(found) < at_once:
            return shown, None
        cursor = found[-1].id
    return shown, cursor


def _behind(desk: Desk, clinic: str, sought: Sought, cursor: str | None, count: int) -> list[Patient]:
    """Return up to `count` patients that are found, those behind a cursor; raise Invalid for one that no list gave."""
    with desk.work.reading() as store:
        after = store.get(clinic, cursor) if cursor else None
        if cursor and after is None:
            raise no_such_page()
        return store.find(clinic, sought, after, count)


def get(desk: Desk, clinic: str, id: str) -> views.View:
    """Return one patient with the full number, once it is written down who sees it.

    Raises NotFound where the clinic has none of that id, Forbidden for a therapist who does not treat them.
    """
    zone = ZoneInfo(desk.document(clinic)["time_zone"])
    require_theirs(desk, clinic, id)
    with desk.work() as store:
        patient = present(store, clinic, id)
        note(desk, store, clinic, id, "read")
    return views.of_patient(patient, zone, desk.keys, full_number=True)


def update(desk: Desk, clinic: str, id: str, fields: Fields) -> views.View:
    """Change what staff correct and return the patient as it is now; without a difference nothing happens.

    Raises Invalid with `errors` by field, InvalidNationalId, NotFound, ChangedMeanwhile where `version` is old, and
    Forbidden for a therapist who does not treat them.
    """
    document = desk.document(clinic)
    require_theirs(desk, clinic, id)
    changes = read_changes(desk, clinic, fields, document["country"])
    with desk.work() as store:
        before = desk.keys.hashed_anew(present(store, clinic, id, to_change=True))
        if fields.get("version") not in (None, before.version):
            raise ChangedMeanwhile.because("Somebody changed this patient meanwhile; look again.")
        if changes.get("number_hash") == before.number_hash:
            changes.pop("number_sealed", None)  # the same number sealed anew is no change
        if "note" in fields and fields["note"].strip() == (noted_of(before, desk.keys) or ""):
            changes.pop("note_sealed")  # nor is the same note
        patient = confirmed(corrected(before, desk.word(), **changes), fields.get("confirm", ()))
        if patient.number_hash != before.number_hash:
            refuse_number_of_another(store, patient, desk.keys)
        if patient != before:
            write_changed(desk, store, [patient])
        note(desk, store, clinic, id, "changed")
    return views.of_patient(patient, ZoneInfo(document["time_zone"]), desk.keys, full_number=True)


def confirm(desk: Desk, store: PatientStore, before: Patient, names: Collection[str]) -> Patient:
    """Let staff confirm these of a record's mobile and email; return it as it is now, everybody told if it changed."""
    patient = confirmed(before, names)
    if patient != before:
        write_changed(desk, store, [patient])
    return patient


def refuse_number_of_another(store: PatientStore, patient: Patient, keys: Keys) -> None:
    """Refuse a number that another record of the clinic has, which nobody else gives away until the commit."""
    if not patient.scheme or not (hashes := keys.hashes_of(patient)):
        return
    store.one_at_a_time(hashes)
    other = store.by_number(patient.clinic, patient.scheme, *hashes)
    if other is not None and other.id != patient.id:
        taken = {"identity.number": ["Another patient of the clinic has this number."]}
        raise Invalid.because("Another patient of the clinic has this number.", errors=taken)


def read_changes(desk: Desk, clinic: str, fields: Fields, country: str | None) -> dict[str, Any]:
    """Return the record's fields that staff give, in their normal forms; raise Invalid with all that are wrong."""
    changes = {name: value for name, value in fields.items() if name not in _NOT_KEPT}
    errors: dict[str, list[str]] = {}
    telephone = partial(normal_mobile, country=country, or_landline=True)
    for name, normal in (("mobile", telephone), ("email", normal_email)):
        if name in changes:
            try:
                changes[name] = normal(changes[name]) if changes[name].strip() else None
            except ValueError as wrong:
                errors[name] = [str(wrong)]
    born = fields.get("birth_date")
    if born is not None and not OLDEST <= born <= desk.now.date() + _DAY:
        errors["birth_date"] = ["This cannot be a date of birth."]
    if errors:
        raise Invalid.because("Some fields are wrong; see errors.", errors=errors)
    if "note" in fields:
        noted = fields["note"].strip()
        changes["note_sealed"] = desk.keys.people.seal(noted) if noted else None
    if "identity" in fields:
        scheme, number = checked_number(fields["identity"], test_numbers=desk.test_numbers)
        changes |= {"scheme": scheme, "number_hash": desk.keys.number_hash(clinic, scheme, number)}
        changes["number_sealed"] = desk.keys.numbers.seal(number)
        born = birth_date(scheme, number)
        changes |= {"birth_date": born} if born else {}
    return changes


def _phone_to_compare(desk: Desk, clinic: str, text: str) -> str | None:
    """Return the number in E.164; numbers with their prefix, as booking sends them, need no clinic document."""
    if not text:
        return None
    country = None if text.startswith("+") else desk.document(clinic)["country"]
    try:
        return normal_phone(text, country)
    except ValueError:
        return None


def _sought(q: str, clinic: str, country: str | None, keys: Keys) -> Sought:
    numbers = []
    for scheme in SCHEMES:
        try:
            number = check_number(scheme, q, test_numbers=True)
        except ValueError:
            continue
        numbers += [(scheme, each) for each in keys.number_hashes(clinic, scheme, number)]
    try:
        mobile = normal_phone(q, country)
    except ValueError:
        mobile = None
    return Sought(tuple(person_key(q).split()), q.strip(), mobile, tuple(numbers), digits_of(q))
