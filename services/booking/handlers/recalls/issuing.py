"""Issuing a recall: its code, its event, its trace in the history, in one transaction (PRODUCT M2, R2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.booking.handlers import recall_codes
from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import publish, record_issues
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Occurrence
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


@dataclass(frozen=True)
class ToIssue:
    """Who is to be called in by which channels; `before` is what was made for it earlier, whose code stays."""

    subject: Subject
    send: Sequence[RecallChannel]
    before: Recall | None = None


@dataclass(frozen=True)
class _Made:
    """What is to be written of one that is issued."""

    recall: Recall
    issued: Issued
    event: Occurrence | None


def issue(store: "BookingStore", desk: Desk, rules: ClinicRules, asked: Iterable[ToIssue]) -> list[Issued]:
    """Issue recalls, each by those of its channels that reach the patient, and return what became of them.

    Where no channel reaches the patient nothing goes out, and only the code is kept. Bookings must be as the database
    has them. However many there are, they are written by a few statements.
    """
    made = [_made(desk, rules, each) for each in asked]
    store.keep_recalls(*(one.recall for one in made))
    sent = [(one.issued.subject.booking, one) for one in made if one.event is not None]
    record_issues(store, desk, [(booking, one.issued.sent, one.recall.issued) for booking, one in sent if booking])
    publish(store, desk, *(one.event for one in made if one.event is not None))
    return [one.issued for one in made]


def _made(desk: Desk, rules: ClinicRules, asked: ToIssue) -> _Made:
    subject, send, before = asked.subject, asked.send, asked.before
    person = desk.open_person(subject.of.person)
    holder = holder_of(person, asks_for_number=rules.asks_for_number)
    code = new_code() if before is None else str(desk.keys.people.open(before.code))
    lookup = recall_codes.lookup(desk, holder, code)
    countries = sms_countries(rules.document)
    reasons = {channel: unreachable(channel, person, holder, countries) for channel in CHANNELS if channel in send}
    sent = tuple(channel for channel, reason in reasons.items() if reason is None)
    recall = (before or _new(desk, rules, subject, code)).issued_by(sent, lookup, desk.now)
    shown = None if holder is None else shown_code(code)
    event = None
    if sent:
        called = person if subject.booking is not None else replace(person, patient=subject.patient)
        sealed = desk.keys.people.seal(plain(RecallPerson(**vars(called), code=shown)))
        event = called_in(subject, recall, sent, sealed, rules)
    missed: dict[str, str] = {channel: reason for channel, reason in reasons.items() if reason}
    return _Made(recall, Issued(subject, sent, missed, shown), event)


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
