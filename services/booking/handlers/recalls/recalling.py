"""Calling patients in: a time booked for them, and recalls sent one by one or for a week (PRODUCT R1, R2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.handlers.making.booking import make
from services.booking.handlers.making.wishing import read_wish
from services.booking.handlers.recalls.issuing import ToIssue, issue
from services.booking.model.bookings import RECALLED, Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.needs import Need, expired, no_open_need
from services.booking.model.recalls import Issued, RecallChannel, Subject
from services.booking.model.requests import IssueRequest, RecallRequest
from shared.clinic.times.wall_clock import midnight
from shared.clinic.times.weeks import sunday_of
from shared.contracts.errors import Invalid, NotFound

if TYPE_CHECKING:
    from services.booking.store import BookingStore

View = dict[str, Any]


def recall(desk: Desk, clinic: str, request: RecallRequest) -> View:
    """Book a time for a patient and call them in: `{reference, code, not_sent, unconfirmed}` (PRODUCT R1).

    Booked as staff book, with the patient's open need of that type where there is one. A channel that does not reach
    the patient is in `not_sent` with the reason. Raises what `making.booking.book` raises for staff.
    """
    rules = desk.rules(clinic)
    wish = read_wish(desk, rules, request.booking, by_staff=True, origin=RECALLED)

    def call_in(store: "BookingStore", booking: Booking) -> View:
        (issued,) = issue(store, desk, rules, [ToIssue(Subject(booking), request.send)])
        missed = [{name: row[name] for name in ("channel", "reason")} for row in issued.missed()]
        return {
            "reference": booking.reference,
            "code": issued.code,
            "not_sent": missed,
            "unconfirmed": list(wish.person.unconfirmed),
        }

    return make(desk, rules, wish, call_in)


def issue_recalls(desk: Desk, clinic: str, request: IssueRequest) -> View:
    """Send the recall of one need or booking, or all of a week: `{"issued": […], "not_sent": […]}` (PRODUCT R2).

    Who is named singly gets it again; a week's recalls go by each channel once. All or nothing is written.
    Raises Forbidden, NotFound, Invalid, NoOpenNeed, NeedExpired or AlreadyCancelled.
    """
    rules = desk.rules(clinic)

    def send(store: "BookingStore") -> list[Issued]:
        if request.week is not None:
            return issue(store, desk, rules, _of_week(store, desk, rules, request.week, request.send))
        subject = _named(store, desk, rules, request)
        before = store.recalls_for([subject]).get(subject.id)
        return issue(store, desk, rules, [ToIssue(subject, request.send, before)])

    done = desk.transaction(send)
    return {
        "issued": [each.told() for each in done if each.sent],
        "not_sent": [row for each in done for row in each.missed()],
    }


def subjects_of_week(
    store: "BookingStore", desk: Desk, rules: ClinicRules, week: str, *, for_change: bool = False
) -> list[Subject]:
    """Return what a week calls patients in to: recall bookings to come that start in it, and needs still to be booked.

    A therapist's own, and the needs that name nobody (C1).
    """
    first, last = _days(week, rules)
    booked = store.booked_recalls(rules.clinic, first, last, for_change=for_change)
    today = desk.today(rules)
    found = store.open_needs_of_week(rules.clinic, week, desk.now, for_change=for_change)
    usable = [need for need in found if rules.is_online(need.type) and not rules.has_expired(need, today)]
    own = desk.require_calendar(None)
    to_come = [booking for booking in booked if booking.starts_at > desk.now]
    subjects = [*map(Subject, to_come), *map(Subject, usable)]
    return [subject for subject in subjects if own is None or subject.of.practitioner in {None, own}]


def _of_week(
    store: "BookingStore", desk: Desk, rules: ClinicRules, week: str, send: Sequence[RecallChannel]
) -> Iterator[ToIssue]:
    subjects = subjects_of_week(store, desk, rules, week, for_change=True)
    before = store.recalls_for(subjects)
    for subject in subjects:
        earlier = before.get(subject.id)
        left = [channel for channel in send if earlier is None or channel not in earlier.channels]
        if left:
            yield ToIssue(subject, left, earlier)


def _named(store: "BookingStore", desk: Desk, rules: ClinicRules, request: IssueRequest) -> Subject:
    if request.need is not None:
        return Subject(_named_need(store, desk, rules, request.need))
    booking = store.booking(str(request.reference), for_change=True)
    if booking is None or booking.clinic != rules.clinic:
        raise NotFound.because("There is no such booking.")
    desk.require_calendar(booking.practitioner)
    booking.require_standing()
    if booking.origin != RECALLED or booking.starts_at <= desk.now:
        text = "Only recalls that are still to come can be sent."
        raise Invalid.because(text, errors={"reference": [text]})
    return Subject(booking)


def _named_need(store: "BookingStore", desk: Desk, rules: ClinicRules, id: str) -> Need:
    known = store.need(rules.clinic, id)
    if known is None:
        raise NotFound.because("There is no such need.")
    if known.practitioner is not None:
        desk.require_calendar(known.practitioner)
    if not rules.is_online(known.type):
        text = "Patients cannot book this online."
        raise Invalid.because(text, errors={"need": [text]})
    if not store.claim_need(rules.clinic, id, desk.now):
        raise no_open_need(rules.phone)
    if rules.has_expired(known, desk.today(rules)):
        raise expired(rules.phone)
    return known


def _days(week: str, rules: ClinicRules) -> tuple[datetime, datetime]:
    """Return the moments at which a week begins and ends at the clinic."""
    sunday = sunday_of(week)
    return midnight(sunday - timedelta(days=6), rules.zone), midnight(sunday + timedelta(days=1), rules.zone)
