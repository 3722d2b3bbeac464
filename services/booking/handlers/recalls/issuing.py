"""Issuing a recall: its code, its event, its trace in the history, in one transaction (PRODUCT M2, R2)."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import recall_event, record_issue
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.needs import Need
from services.booking.model.recalls import (
    CARD,
    CHANNELS,
    Issued,
    Recall,
    Subject,
    holder_of,
    lookup_of,
    new_code,
    shown_code,
    unreachable,
)
from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from services.booking.store import BookingStore

Facts = dict[str, Any]

_NOTHING_TYPED: Facts = {"message": None, "answers": {}, "comment": None}
"""What the person of a booking has and that of a need has not."""


def issue(
    store: "BookingStore",
    desk: Desk,
    rules: ClinicRules,
    subject: Subject,
    send: Sequence[str],
    before: Recall | None = None,
) -> Issued:
    """Issue a recall by each channel of `send` that reaches the patient, and return what became of it.

    `before` is what was made for it earlier: its code stays. Where no channel reaches the patient nothing goes out, and
    only the code is kept. A booking must be as the database has it.
    """
    person = desk.open_person(subject.of.person)
    holder = holder_of(person, asks_for_number=rules.asks_for_number)
    code = new_code() if before is None else str(desk.keys.sealer.open(before.code))
    lookup = None if holder is None else lookup_of(desk.keys.lookup, holder, code)
    reasons = {channel: unreachable(channel, person, holder) for channel in CHANNELS if channel in send}
    sent = tuple(channel for channel, reason in reasons.items() if reason is None)
    recall = (before or _new(desk, rules, subject, code)).issued_by(sent, lookup, desk.now)
    (store.add_recall if before is None else store.save_recall)(recall)
    shown = None if holder is None else shown_code(code)
    if sent:
        if subject.booking is not None:
            record_issue(store, desk, subject.booking, sent, recall.issued)
        told = {**_NOTHING_TYPED, "patient": subject.patient, **person, "code": shown}
        store.publish(_event(desk, rules, subject, recall, sent, desk.keys.sealer.seal(told)))
    return Issued(subject, sent, {channel: reason for channel, reason in reasons.items() if reason}, shown)


def _new(desk: Desk, rules: ClinicRules, subject: Subject, code: str) -> Recall:
    return Recall(
        id=uuid.uuid4().hex,
        clinic=rules.clinic,
        booking=subject.id if subject.booking else None,
        need=None if subject.booking else subject.id,
        code=desk.keys.sealer.seal(code),
        lookup=None,
        issued=0,
        channels=(),
        created_at=desk.now,
        issued_at=None,
    )


def _event(desk: Desk, rules: ClinicRules, subject: Subject, recall: Recall, sent: Sequence[str], person: str) -> Event:
    of = subject.of
    facts = _of_booking(of, rules) if isinstance(of, Booking) else _of_need(of, rules)
    data = {
        **subject.names,
        "type": of.type,
        "practitioner": of.practitioner,
        "minutes": of.minutes,
        **facts,
        "send": [channel for channel in sent if channel != CARD],
        "person": person,
    }
    return recall_event(desk, subject.id, rules.clinic, recall.issued, data)


def _of_booking(booking: Booking, rules: ClinicRules) -> Facts:
    return {
        "start": booking.starts_at.isoformat(),
        "end": booking.ends_at.isoformat(),
        "week": rules.week_of(booking.starts_at),
        "usable_until": None,
        "language": booking.language,
        "epoch": booking.epoch,
        "changeable": rules.patient_may_change(booking.origin),
        "version": booking.version,
    }


def _of_need(need: Need, rules: ClinicRules) -> Facts:
    return {
        "start": None,
        "end": None,
        "week": need.week,
        "usable_until": rules.usable_until(need),
        "language": rules.languages[0],
        "epoch": None,
        "changeable": None,
        "version": None,
    }
