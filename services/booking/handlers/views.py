"""What callers get to see (CONTRACTS 2): staff a booking with its person, patients no more than the names."""

from datetime import datetime
from typing import Any

from services.booking.handlers.desk import Desk, local
from services.booking.model.bookings import CANCELLED, Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.deadlines import may
from services.booking.model.history import Entry
from shared.contracts.booking import BookingPerson

View = dict[str, Any]


def for_staff(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking with the person as typed, and which of their addresses are others than the record's."""
    person = desk.open_person(booking.person)
    contacts = {name: getattr(person, name) for name in ("first_name", "last_name", "mobile", "email")}
    found = _booking(desk, booking, rules, person, {"id": booking.patient_id, **contacts})
    return {**found, "contact_differs": list(booking.contact_differs)}


def for_patient(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as its patient sees it: of the person only the names."""
    person = desk.open_person(booking.person)
    return _booking(desk, booking, rules, person, {"first_name": person.first_name, "last_name": person.last_name})


def by_link(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as its link shows it, with what may be done to it (PRODUCT M1)."""
    return {
        "clinic": booking.clinic,
        "booking": for_patient(desk, booking, rules),
        "may": {function: _may(desk, function, booking, rules) for function in ("rebook", "cancel")},
    }


def for_login(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as a login shows it: with what may be done to it, and the token that does it (M7)."""
    found = by_link(desk, booking, rules)
    token = desk.link(booking.reference, booking.epoch)["manage_token"]
    return {**found["booking"], "may": found["may"], "manage_token": token}


def receipt(booking: Booking, rules: ClinicRules) -> View:
    """Return what answers a new booking, without its link."""
    return {
        "reference": booking.reference,
        "status": booking.status,
        "type": booking.type,
        "practitioner": booking.practitioner,
        "start": local(booking.starts_at, rules.zone),
        "end": local(booking.ends_at, rules.zone),
    }


def history_entry(entry: Entry, rules: ClinicRules) -> View:
    """Return one entry of a booking's history (PRODUCT A1)."""
    changes = {
        field: [_local_moment(value, rules) for value in pair] if field in {"start", "end"} else pair
        for field, pair in entry.changes.items()
    }
    return {
        "at": local(entry.at, rules.zone),
        "type": entry.type,
        "actor": entry.actor,
        "source": entry.source,
        "changes": changes,
        "version": entry.version,
    }


def watch_entry(desk: Desk, id: str, at: datetime, booking: Booking, rules: ClinicRules) -> View:
    """Return one entry of the watch list: the cancelled booking with the patient's comment (PRODUCT M5)."""
    return {
        "id": id,
        "at": local(at, rules.zone),
        "comment": desk.open_person(booking.person).comment,
        "booking": for_staff(desk, booking, rules),
    }


def _booking(desk: Desk, booking: Booking, rules: ClinicRules, person: BookingPerson, patient: View) -> View:
    return {
        "reference": booking.reference,
        "status": booking.status_at(desk.now),
        "origin": booking.origin,
        "type": booking.type,
        "practitioner": booking.practitioner,
        "resources": list(booking.resources),
        "start": local(booking.starts_at, rules.zone),
        "end": local(booking.ends_at, rules.zone),
        "patient": patient,
        "message": person.message,
        "answers": person.answers,
        "language": booking.language,
        "sms_reminder": booking.sms_reminder,
        "version": booking.version,
    }


def _may(desk: Desk, function: str, booking: Booking, rules: ClinicRules) -> View:
    found = may(function, booking, rules, desk.now)
    return {
        "allowed": found.allowed,
        "until": None if booking.status == CANCELLED else local(found.until, rules.zone),
        "reason": None if found.reason is None else found.reason.code,
    }


def _local_moment(value: Any, rules: ClinicRules) -> Any:
    return local(datetime.fromisoformat(value), rules.zone) if isinstance(value, str) else value
