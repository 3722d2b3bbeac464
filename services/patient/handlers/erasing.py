"""A patient's record is erased, and everybody who holds anything of the person is told to do the same (PRODUCT A3)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers import views
from services.patient.handlers.desk import Desk, present
from services.patient.handlers.openings import note
from services.patient.model.needs import Need
from services.patient.model.patients import Patient, person_key
from services.patient.model.told import BookingsGone
from services.patient.store import PatientStore
from shared.bus.events.effects import Effect
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid, NotFound
from shared.contracts.patient import NEED_ADDED, NEED_CLOSED, PATIENT_ERASED, NeedState, PatientEnd
from shared.contracts.people import Contact, Person
from shared.contracts.plain import plain
from shared.ids import is_id

_COMING = "This patient has an appointment to come. Cancel it first, then erase the record."
_NOT_THE_NAME = "Enter the patient’s name as it stands in the record, to confirm."
_NOBODY: dict[str, Any] = dict.fromkeys(("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok"), None)


def erase(desk: Desk, clinic: str, id: str, confirm: str) -> views.View:
    """Erase a record with its needs, and return how far that is (`erasure`).

    `confirm` is the patient's name as it was typed to say so. Bookings that are still to come are not cancelled by the
    way: staff do that first, so that their patient and everybody else is told. Raises NotFound; Invalid for another
    name, or where there are such bookings; Unavailable or Timeout where booking cannot be asked.
    """
    desk.document(clinic)
    coming = _coming(desk, clinic, id) if is_id(id) else False
    with desk.work() as store:
        patient = present(store, clinic, id, to_change=True)
        _require_named(patient, confirm)
        if coming:
            raise Invalid.because(_COMING, errors={"id": [_COMING]})
        note(desk, store, clinic, id, "erased")
        erase_records(desk, store, [patient])
    return erasure(desk, clinic, id)


def erasure(desk: Desk, clinic: str, id: str) -> views.View:
    """Return `{patient, erased_at, bookings_at, messages_at, everywhere_at}`; what is still to be done is null.

    Raises NotFound where no such record was erased.
    """
    zone = ZoneInfo(desk.document(clinic)["time_zone"])
    with desk.work.reading() as store:
        found = store.erasure(clinic, id) if is_id(id) else None
    if found is None:
        raise NotFound.because("The clinic has erased no such patient.")
    moments = {
        "erased_at": found.at,
        "bookings_at": found.bookings_at,
        "messages_at": found.messages_at,
        "everywhere_at": found.everywhere_at,
    }
    told = {name: at and at.astimezone(zone).isoformat(timespec="seconds") for name, at in moments.items()}
    return {"patient": id, **told}


def _coming(desk: Desk, clinic: str, id: str) -> bool:
    asked = desk.bookings.in_own_name().find(clinic, patient=id, status="booked", limit=1)
    return bool(asked["bookings"])


def _require_named(patient: Patient, confirm: str) -> None:
    if person_key(confirm) != patient.name_key:
        raise Invalid.because(_NOT_THE_NAME, errors={"confirm": [_NOT_THE_NAME]})


def erase_records(desk: Desk, store: PatientStore, patients: Collection[Patient]) -> None:
    """Erase records; each need is told as closed, of nobody, so that no older news of it counts any more."""
    needs = {patient: store.erase(patient.clinic, patient.id, desk.now) for patient in patients}
    nobody = desk.keys.people.seal(plain(Person(**_NOBODY, identity=None, birth_date=None)))
    contact = desk.keys.people.seal(plain(Contact(**_NOBODY)))
    store.blank_persons(
        [patient.id for patient in needs] + [need.id for theirs in needs.values() for need in theirs],
        lambda type: nobody if type in {NEED_ADDED, NEED_CLOSED} else contact if type != PATIENT_ERASED else None,
    )
    for patient, theirs in needs.items():
        _tell_of_end(desk, store, patient, theirs, nobody)


def _tell_of_end(desk: Desk, store: PatientStore, patient: Patient, needs: Sequence[Need], nobody: str) -> None:
    for need in needs:
        last = replace(need, closed=True, version=need.version + 1)
        told = NeedState(
            need=last.id, patient=last.patient, type=last.type, practitioner=last.practitioner, minutes=last.minutes,
            week=last.week, state="closed", person=nobody,
        )  # fmt: skip
        store.publish(desk.event(NEED_CLOSED, last.clinic, last.id, last.version, told))
    end = PatientEnd(needs=tuple(need.id for need in needs))
    store.publish(desk.event(PATIENT_ERASED, patient.clinic, patient.id, patient.version + 1, end))


def note_bookings_erased(desk: Desk, events: Sequence[Event]) -> Effect[Event]:
    """Note that booking has erased its part, and whose late events make no record any more."""

    def note_all(store: PatientStore, told: Sequence[Event]) -> None:
        for event in told:
            store.note_bookings_erased(event.subject, BookingsGone.read(event.data).references, desk.now)

    return Effect([(event, event) for event in events], note_all)


def note_messages_erased(desk: Desk, events: Sequence[Event]) -> Effect[Event]:
    """Note that notification has erased its part."""

    def note_all(store: PatientStore, told: Sequence[Event]) -> None:
        for event in told:
            store.note_messages_erased(event.subject, desk.now)

    return Effect([(event, event) for event in events], note_all)
