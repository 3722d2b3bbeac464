"""What booking holds of one person, for who asks what is kept of them (PRODUCT A3)."""

from typing import Any

from services.booking.handlers import views
from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.desk import Desk, local
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.recalls import Recall, Subject
from services.booking.model.requests import ExportQuery
from shared.incoming.paging import page, read_cursor

AT_ONCE = 50
"""So many bookings, with their histories, come in one page."""

View = dict[str, Any]


def export(desk: Desk, clinic: str, asked: ExportQuery) -> View:
    """Return `{bookings, recalls, next}`: a page of a patient's bookings by start, each with its whole `history`.

    And with what its patient agreed to as it was booked (`sms_ok`, `email_ok`; B18a): its first entry says when.
    `recalls` are those of the bookings, and on the first page of the patient's needs. The codes of cards are not told:
    who holds one opens what it is for. Raises NotFound or Invalid.
    """
    rules = desk.rules(clinic)
    with desk.work.snapshot() as store:
        found = store.find_bookings(
            clinic,
            now=desk.now,
            first=None,
            last=None,
            practitioner=None,
            status=None,
            patient=asked.patient,
            after=read_cursor(asked.cursor),
            limit=AT_ONCE + 1,
        )
        shown = found[:AT_ONCE]
        histories = store.histories_of([booking.reference for booking in shown])
        needs = [] if asked.cursor else store.needs_of(clinic, asked.patient)
        recalls = store.recalls_for([*map(Subject, shown), *map(Subject, needs)])

    def whole(booking: Booking) -> View:
        entries = histories.get(booking.reference, [])
        history = [views.history_entry(desk, entry, rules) for entry in entries]
        said = desk.open_person(booking.person)
        consent = {"sms_ok": said.sms_ok, "email_ok": said.email_ok}
        return {**views.for_staff(desk, booking, rules), **consent, "history": history}

    return {
        **page("bookings", found, AT_ONCE, whole, after_booking),
        "recalls": [_recall(recall, rules) for _, recall in sorted(recalls.items())],
    }


def _recall(recall: Recall, rules: ClinicRules) -> View:
    return {
        "reference": recall.booking,
        "need": recall.need,
        "created_at": local(recall.created_at, rules.zone),
        "issued": recall.issued,
        "issued_at": None if recall.issued_at is None else local(recall.issued_at, rules.zone),
        "channels": list(recall.channels),
    }
