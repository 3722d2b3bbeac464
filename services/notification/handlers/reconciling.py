"""What is remembered of bookings, their messages and their reminders, compared with what booking says (ADR 21)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.notification.handlers.reminding import follow_bookings, followed, off_plan
from services.notification.handlers.writing import CONSUMERS, letter_of, tell_link_anew, write
from services.notification.model.remembered import OVER, STANDING
from services.notification.model.told import BookingTold
from shared.contracts.booking import BOOKING_CREATED, LINK_RENEWED
from shared.contracts.reconciling import (
    AT_ONCE,
    Asked,
    Bookings,
    Difference,
    Retold,
    as_differences,
    reconciled,
    unknown,
)

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store.comparing_rows import Known
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event

BOOKING, PATIENT, MESSAGE, REMINDERS = "booking as remembered", "whose booking it is", "message", "reminders"
LINK = "new link"
MISSED = "missed"


def reconcile(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return of which bookings to come something else is remembered, planned or told; put it right where asked.

    A message is missing where booking has news that no event has told of. It is written as its event would have had
    it, and no event that comes late writes it again. Of what has begun nobody is told anything any more.
    """
    document = desk.documents.get(clinic)
    return reconciled(
        bookings,
        clinic,
        asked,
        lambda told: _differing(desk, document, told),
        lambda each, difference: _mend(desk, document, each, difference),
    )


def reconcile_unknown(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return of which bookings patients would be reminded though booking does not have them; stop it if asked."""

    def held(after: str | None, named: list[str] | None) -> list[str]:
        with desk.work.reading() as store:
            return store.standing(clinic, desk.now, after, named, AT_ONCE)

    def drop(reference: str) -> None:
        with desk.work() as store:
            store.drop(reference, desk.now)

    return unknown(bookings, clinic, asked, held, drop)


def _differing(desk: Desk, document: ClinicDocument, told: list[Retold]) -> dict[str, Difference]:
    states = {each.reference: BookingTold.read(each.event.data) for each in told}
    to_come = [each for each in told if states[each.reference].start > desk.now]
    with desk.work.snapshot() as store:
        known = store.known_of([each.reference for each in to_come])
        off = off_plan(store, desk, [each.remembered for each in known.values() if each.remembered], document)
    return as_differences(
        (each.reference, _compared(each, states[each.reference], known[each.reference], each.reference in off))
        for each in to_come
        if known[each.reference].told < OVER
    )


def _compared(each: Retold, told: BookingTold, known: Known, is_off: bool) -> Difference:
    kept = known.remembered
    is_other = told.status == STANDING if kept is None else (
        (kept.version, kept.start, kept.sms_reminder, kept.facts is not None)
        != (each.event.subject_version, told.start, told.sms_reminder, told.is_reminded_of)
    )  # fmt: skip
    what = (
        *([BOOKING] if is_other else []),
        *([PATIENT] if each.patient is not None and each.patient != known.patient else []),
        *([MESSAGE] if told.status != MISSED and each.news > known.told else []),
        *([LINK] if told.status == STANDING and each.link > known.link else []),
        *([REMINDERS] if is_off else []),
    )
    return Difference(what, None if kept is None else kept.version)


def _mend(desk: Desk, document: ClinicDocument, each: Retold, difference: Difference) -> None:
    with desk.work() as store:
        if each.patient is not None:
            store.note_patients({each.reference: each.patient})
        store.forget(each.reference, difference.held)
        follow_bookings(store, desk, [followed(desk, each.event, document)], anew=True)
    if MESSAGE in difference.what:
        _tell(desk, document, each)
    if LINK in difference.what:
        renewed = next(iter(each.events(LINK_RENEWED)), each.event)
        tell_link_anew(desk, document, renewed, each.link)


def _tell(desk: Desk, document: ClinicDocument, each: Retold) -> None:
    """Write what nobody was told; the events that should have told it write nothing any more, however late they come.

    Of a booking of which nobody has heard anything the patient is told that it was made, whatever happened since.
    """
    made = _as_made(each)
    as_made, as_it_is = letter_of(desk, made, document), letter_of(desk, each.event, document)
    with desk.work() as store:
        for type, consumer in CONSUMERS.items():
            for late in each.events(type):
                store.first_time(consumer, late, desk.now)
        told = store.known_of([each.reference])[each.reference].told
        if told < each.news:
            write(store, desk, [as_it_is if told else as_made], room=Counter())  # the sender's look finds it


def _as_made(each: Retold) -> Event:
    """Return a booking's event as one that tells that it was made; what is cancelled stays so."""
    if BookingTold.read(each.event.data).status != STANDING:
        return each.event
    made = next(iter(each.events(BOOKING_CREATED)), each.event)
    return replace(made, type=BOOKING_CREATED, data=dict(each.event.data) | {"previous": None, "undoes": None})
