"""What callers get to see (CONTRACTS 2): staff a booking with its person, patients no more than the names."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.handlers.desk import Desk, local
from services.booking.model.bookings import CANCELLED, Booking, Watched
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.deadlines import FUNCTIONS, may
from services.booking.model.history import Entry
from shared.clinic.sms_countries import sms_countries
from shared.contracts.booking import BookingPerson
from shared.contracts.notification import Channel
from shared.contracts.people import ADDRESSES
from shared.identity.telephones import can_receive_sms

View = dict[str, Any]

_MOMENTS = {"start", "end", "arrived_at"}
"""Fields of changes that hold one."""


def for_staff(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking with the person as typed, and which of their addresses are others than the record's.

    And why it was cancelled, where somebody said so (PRODUCT M5).
    """
    return for_staff_in(desk, booking, rules.zone)


def for_staff_in(desk: Desk, booking: Booking, zone: ZoneInfo) -> View:
    """Return the booking as `for_staff` does, where no more is known of its clinic than the time zone."""
    person = desk.open_person(booking.person)
    contacts = {name: getattr(person, name) for name in ("first_name", "last_name", "mobile", "email")}
    shown = _booking(desk, booking, zone, person, {"id": booking.patient_id, **contacts})
    return {
        **shown,
        "contact_differs": list(booking.contact_differs),
        "comment": person.comment,
        "arrived_at": _moment(booking.arrived_at, zone),
        "note": note_of(desk, booking),
        "not_told": booking.not_told is not None,
        "undo_until": _moment(_may_undo_until(desk, booking), zone),
    }


def note_of(desk: Desk, booking: Booking) -> str | None:
    """Return what staff have noted for themselves of a booking, None where there is nothing (PRODUCT C9)."""
    return None if booking.note is None else str(desk.keys.people.open(booking.note))


def _may_undo_until(desk: Desk, booking: Booking) -> datetime | None:
    """Return until when who asks may take the newest change back; None where they may not (PRODUCT C10)."""
    undo = booking.undo
    if undo is None or undo.version != booking.version or dict(undo.by) != desk.actor.brief():
        return None
    return undo.told_until if undo.told_until > desk.now else None


def _moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else local(moment, zone)


def for_patient(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as its patient sees it: of the person only the names.

    And what the clinic wrote to who may choose another time (PRODUCT C12).
    """
    person = desk.open_person(booking.person)
    names = {"first_name": person.first_name, "last_name": person.last_name}
    shown = _booking(desk, booking, rules.zone, person, names)
    return {**shown, "invitation": person.invitation if booking.invited else None}


def changed_by_patient(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as its patient sees it after a change, with what may be done with it from now on."""
    return {**for_patient(desk, booking, rules), "may": _may_all(desk, booking, rules)}


def by_link(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as its link shows it, with what may be done to it (PRODUCT M1).

    And by what the patient is reached, never at which address: a link proves none of them.
    """
    return {
        "clinic": booking.clinic,
        "booking": for_patient(desk, booking, rules),
        "may": _may_all(desk, booking, rules),
        "reached_by": reached_by(desk.open_person(booking.person), rules),
    }


def for_login(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    """Return the booking as a login shows it: with what may be done to it, and the token that does it (M7)."""
    found = by_link(desk, booking, rules)
    token = desk.link(booking.reference, booking.epoch)["manage_token"]
    return {**found["booking"], "may": found["may"], "manage_token": token}


def receipt(booking: Booking, rules: ClinicRules, person: BookingPerson) -> View:
    """Return what answers a new booking, without its link."""
    return {
        "reference": booking.reference,
        "status": booking.status,
        "type": booking.type,
        "practitioner": booking.practitioner,
        "start": local(booking.starts_at, rules.zone),
        "end": local(booking.ends_at, rules.zone),
        "reached_by": reached_by(person, rules),
    }


def reached_by(person: BookingPerson, rules: ClinicRules) -> list[Channel]:
    """Return by which of SMS and email messages reach a patient: what they gave and agreed to (PRODUCT B18a).

    An address of the record that nobody has confirmed reaches nobody, and SMS go to mobiles of some countries alone.
    """
    found: list[Channel] = []
    mobile, email = (getattr(person, name) if name not in person.unconfirmed else None for name in ADDRESSES)
    if person.sms_ok and mobile and can_receive_sms(mobile, sms_countries(rules.document)):
        found.append("sms")
    if person.email_ok and email:
        found.append("email")
    return found


def history_entry(desk: Desk, entry: Entry, rules: ClinicRules) -> View:
    """Return one entry of a booking's history (PRODUCT A1); from where it came is for administrators alone."""
    knows_sources = desk.actor.own_calendar is None
    return {
        "at": local(entry.at, rules.zone),
        "type": entry.type,
        "actor": entry.actor,
        "source": desk.personal.opened(entry.source) if entry.source and knows_sources else None,
        "changes": {
            field: [_shown(desk, field, value, rules) for value in pair] for field, pair in entry.changes.items()
        },
        "version": entry.version,
    }


def watch_entry(desk: Desk, watched: Watched, rules: ClinicRules) -> View:
    """Return one entry of the watch list: the cancelled booking with the patient's comment (PRODUCT M5).

    Or, by its `reason`, the one that stands in the way of an absence (C12).
    """
    booking = for_staff(desk, watched.booking, rules)
    return {
        "id": watched.id,
        "at": local(watched.at, rules.zone),
        "reason": "cancelled" if watched.absence is None else "absence",
        "absence": watched.absence,
        "comment": booking["comment"],
        "done_at": _moment(watched.done_at, rules.zone),
        "done_by": watched.done_by,
        "booking": booking,
    }


def _booking(desk: Desk, booking: Booking, zone: ZoneInfo, person: BookingPerson, patient: View) -> View:
    return {
        "reference": booking.reference,
        "status": booking.status_at(desk.now),
        "origin": booking.origin,
        "type": booking.type,
        "practitioner": booking.practitioner,
        "resources": list(booking.resources),
        "start": local(booking.starts_at, zone),
        "end": local(booking.ends_at, zone),
        "patient": patient,
        "message": person.message,
        "answers": person.answers,
        "language": booking.language,
        "sms_reminder": booking.sms_reminder,
        "invited": booking.invited,
        "version": booking.version,
    }


def _may_all(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    return {function: _may(desk, function, booking, rules) for function in FUNCTIONS}


def _may(desk: Desk, function: str, booking: Booking, rules: ClinicRules) -> View:
    found = may(function, booking, rules, desk.now)
    return {
        "allowed": found.allowed,
        "until": None if booking.status == CANCELLED else local(found.until, rules.zone),
        "reason": None if found.reason is None else found.reason.code,
    }


def _shown(desk: Desk, field: str, value: Any, rules: ClinicRules) -> Any:
    """Return one value of a change as staff read it: moments as the clinic's clock shows them, nothing sealed."""
    if not isinstance(value, str):
        return value
    return local(datetime.fromisoformat(value), rules.zone) if field in _MOMENTS else desk.personal.opened(value)
