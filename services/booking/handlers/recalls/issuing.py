"""Issuing a recall: its code, its event, its trace in the history, in one transaction (PRODUCT M2, R2)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from services.booking.handlers import recall_codes
from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import publish, record_issue
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.recalls import (
    CHANNELS,
    Issued,
    Recall,
    RecallChannel,
    Subject,
    called_in,
    holder_of,
    new_code,
    shown_code,
    unreachable,
)
from shared.clinic.sms_countries import sms_countries
from shared.contracts.booking import RecallPerson
from shared.contracts.plain import plain
from shared.ids import new_id

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def issue(
    store: "BookingStore",
    desk: Desk,
    rules: ClinicRules,
    subject: Subject,
    send: Sequence[RecallChannel],
    before: Recall | None = None,
) -> Issued:
    """Issue a recall by each channel of `send` that reaches the patient, and return what became of it.

    `before` is what was made for it earlier: its code stays. Where no channel reaches the patient nothing goes out, and
    only the code is kept. A booking must be as the database has it.
    """
    person = desk.open_person(subject.of.person)
    holder = holder_of(person, asks_for_number=rules.asks_for_number)
    code = new_code() if before is None else str(desk.keys.people.open(before.code))
    lookup = recall_codes.lookup(desk, holder, code)
    countries = sms_countries(rules.document)
    reasons = {channel: unreachable(channel, person, holder, countries) for channel in CHANNELS if channel in send}
    sent = tuple(channel for channel, reason in reasons.items() if reason is None)
    recall = (before or _new(desk, rules, subject, code)).issued_by(sent, lookup, desk.now)
    (store.add_recall if before is None else store.save_recall)(recall)
    shown = None if holder is None else shown_code(code)
    if sent:
        if subject.booking is not None:
            record_issue(store, desk, subject.booking, sent, recall.issued)
        called = person if subject.booking is not None else replace(person, patient=subject.patient)
        sealed = desk.keys.people.seal(plain(RecallPerson(**vars(called), code=shown)))
        publish(store, desk, called_in(subject, recall, sent, sealed, rules))
    return Issued(subject, sent, {channel: reason for channel, reason in reasons.items() if reason}, shown)


def _new(desk: Desk, rules: ClinicRules, subject: Subject, code: str) -> Recall:
    return Recall(
        id=new_id(),
        clinic=rules.clinic,
        booking=subject.id if subject.booking else None,
        need=None if subject.booking else subject.id,
        code=desk.keys.people.seal(code),
        lookup=None,
        issued=0,
        channels=(),
        created_at=desk.now,
        issued_at=None,
    )
