"""Recalls as staff's lists show them: who is called in to what, how it went out, and how it could (PRODUCT R2, R3)."""

from typing import Any

from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.desk import Desk, local
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.recalls import CHANNELS, Recall, Subject, holder_of, unreachable
from services.booking.model.requests import RecallsQuery
from shared.clinic.sms_countries import sms_countries
from shared.incoming.paging import page, read_cursor

View = dict[str, Any]


def recalls(desk: Desk, clinic: str, asked: RecallsQuery) -> View:
    """Return `{recalls, next}`: of the needs that are named, or a page of the recalls that are booked to come.

    A recall is `{need, reference, patient, first_name, last_name, mobile, email, type, practitioner, minutes, week,
    start, issued, issued_at, channels, reach}`: `channels` by which it went out, `reach` by which it can. A therapist's
    own, and needs that name nobody (C1). Raises NotFound or Invalid.
    """
    rules, own = desk.rules(clinic), desk.require_calendar(None)
    with desk.work.snapshot() as store:
        if asked.needs is not None:
            needs = store.needs_named(clinic, asked.needs)
            subjects = [Subject(need) for need in needs if own is None or need.practitioner in {None, own}]
            cursor = None
        else:
            booked = store.coming_recalls(clinic, desk.now, own, read_cursor(asked.cursor), asked.limit + 1)
            listed = page("booked", booked, asked.limit, lambda booking: booking, after_booking)
            subjects, cursor = [Subject(booking) for booking in listed["booked"]], listed["next"]
        made = store.recalls_for(subjects)
    return {"recalls": [_row(desk, rules, each, made.get(each.id)) for each in subjects], "next": cursor}


def _row(desk: Desk, rules: ClinicRules, subject: Subject, made: Recall | None) -> View:
    of, booking = subject.of, subject.booking
    person = desk.open_person(of.person)
    holder = holder_of(person, asks_for_number=rules.asks_for_number)
    countries = sms_countries(rules.document)
    return {
        **subject.names,
        "patient": subject.patient,
        **{name: getattr(person, name) for name in ("first_name", "last_name", "mobile", "email")},
        "type": of.type,
        "practitioner": of.practitioner,
        "minutes": of.minutes,
        "week": subject.week(rules),
        "start": local(booking.starts_at, rules.zone) if booking else None,
        "issued": 0 if made is None else made.issued,
        "issued_at": None if made is None or made.issued_at is None else local(made.issued_at, rules.zone),
        "channels": [] if made is None else list(made.channels),
        "reach": [channel for channel in CHANNELS if unreachable(channel, person, holder, countries) is None],
    }
