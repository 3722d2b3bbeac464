"""Reminders: planned, moved and withdrawn with what is remembered of their bookings (PRODUCT N3)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from services.notification.model.messages import PLANNED, WITHDRAWN, Message
from services.notification.model.remembered import NOTHING_SAID, Consent, Remembered
from services.notification.store.conditions import is_planned, is_untouched, is_with_nobody
from services.notification.store.message_rows import MESSAGE_COLUMNS, MessageRows
from services.notification.store.tables import appointments, booked_patients, messages, patients, reminder_rules
from shared.clinic.message_keys import REMINDER
from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

_REMEMBERED = tuple(name for name in Remembered.__dataclass_fields__ if name != "consent")


@dataclass(frozen=True)
class Waiting:
    """A planned reminder that no sender has in hand."""

    id: str
    booking: str
    booking_version: int
    source_event: str
    recipient: str
    time_zone: str
    due_at: datetime

    def says(self, due_at: datetime, version: int, time_zone: str) -> bool:
        """Tell whether it goes out at that moment and tells of that version of its booking."""
        return (self.due_at, self.booking_version, self.time_zone) == (due_at, version, time_zone)


class ReminderRows(MessageRows):
    """Planned reminders, the bookings and patients that they are for, and the clinics' rules."""

    def remember(self, newest: Iterable[Remembered]) -> dict[str, int | None]:
        """Note the states of bookings, each once, and hold their rows; return of which no newer one was known.

        With each comes the revision that its clinic's reminders are planned by, held as `hold_rules` does; None where
        nothing is known of that. Of a newer one nothing is changed. By start, as whoever plans many bookings anew
        holds them.
        """
        in_order = sorted(newest, key=lambda each: (each.start, each.reference))
        rows = [{name: getattr(each, name) for name in _REMEMBERED} for each in in_order]
        return dict(_REMEMBER.rows(self.connection, rows))

    def note_patients(self, patients_of: Mapping[str, str]) -> None:
        """Note whose bookings they are; always before the bookings themselves are held, lest two wait in a circle."""
        rows = [{"booking": booking, "patient": patient} for booking, patient in sorted(patients_of.items())]
        _NOTE_PATIENTS.write(self.connection, rows)

    def note_consents(self, said: Mapping[str, tuple[int, Consent]]) -> set[str]:
        """Note what patients' records of these versions say; return of whom nothing newer was known."""
        rows = [{"id": id, "version": version, **vars(consent)} for id, (version, consent) in sorted(said.items())]
        return {id for (id,) in _NOTE_CONSENTS.rows(self.connection, rows)}

    def consents_of(self, ids: Collection[str]) -> dict[str, Consent]:
        """Return what is known of the switches of these patients."""
        if not ids:
            return {}
        said = {id: Consent(*switches) for id, *switches in _CONSENTS_OF.rows(self.connection, ids=list(ids))}
        return dict.fromkeys(ids, NOTHING_SAID) | said

    def consents_for(self, references: Collection[str]) -> dict[str, Consent]:
        """Return what is known of the switches of those whose bookings these are."""
        if not references:
            return {}
        rows = _CONSENTS_FOR.rows(self.connection, references=list(references))
        said = {booking: Consent(*switches) for booking, *switches in rows}
        return dict.fromkeys(references, NOTHING_SAID) | said

    def remembered(self, reference: str) -> Remembered | None:
        """Return what is known of a booking, alone with it until the commit."""
        row = _REMEMBERED_NOW.row(self.connection, reference=reference)
        if row is None:
            return None
        known = dict(zip(_REMEMBERED, row, strict=True))
        return Remembered(**known, consent=self.consents_for([reference])[reference])

    def bookings_of_patients(self, ids: Collection[str], after: datetime) -> list[Remembered]:
        """Return these patients' standing bookings that start after `after`, alone with them until the commit."""
        theirs = select(booked_patients.c.booking).where(booked_patients.c.patient.in_(ids))
        return self._remembered(appointments.c.reference.in_(theirs), _stands(), appointments.c.start > after)

    def waiting_reminders(self, references: Collection[str], now: datetime) -> list[Waiting]:
        """Return the planned reminders of these bookings that nobody has in hand; not those that staff send again."""
        if not references:
            return []
        rows = _WAITING_REMINDERS.rows(self.connection, references=list(references), now=now)
        return [Waiting(*row) for row in rows]

    def plan_reminders(self, planned: Sequence[Message], now: datetime) -> None:
        """Write reminders, or bring what is planned or withdrawn up to date; nothing that has gone out, or may have."""
        _PLAN.write(self.connection, [vars(message) for message in planned], now=now)

    def withdraw_reminders(self, ids: Sequence[str], now: datetime) -> None:
        """Withdraw planned reminders that nobody has in hand."""
        if ids:
            _WITHDRAW.write(self.connection, ids=list(ids), now=now)

    def rewrite(self, claimed: Message, content: str) -> bool:
        """Write what a claimed message says by now; False where the claim had passed to somebody else."""
        return _REWRITE.count(self.connection, mine=claimed.id, claim=claimed.attempts, content=content) == 1

    def hold_rules(self, clinic: str, revision: int, rules: str) -> int:
        """Return the revision that the clinic's reminders are planned by, which none can change until the commit.

        `revision` and `rules` are the caller's own, noted where nothing is known.
        """
        shared = _held(clinic)
        known = self.connection.execute(shared).scalar()
        if known is None:
            row = self.insert_into(reminder_rules).values(clinic=clinic, revision=revision, rules=rules)
            self.connection.execute(row.on_conflict_do_nothing())
            known = self.connection.execute(shared).scalar_one()
        return int(known)

    def note_rules(self, clinic: str, revision: int, rules: str, now: datetime) -> None:
        """Note by what a clinic's reminders are planned; where it is something else, all after `now` are to be anew."""
        known = select(reminder_rules).where(reminder_rules.c.clinic == clinic).with_for_update()
        row = self.connection.execute(known).first()
        if row is None:  # then no booking of the clinic is known either
            self.hold_rules(clinic, revision, rules)
        elif row.revision < revision:
            anew = {} if row.rules == rules else {"behind_start": now, "behind_reference": ""}
            this = update(reminder_rules).where(reminder_rules.c.clinic == clinic)
            self.connection.execute(this.values(revision=revision, rules=rules, **anew))

    def has_to_plan_anew(self, clinic: str) -> bool:
        """Tell whether bookings of a clinic are still planned by older rules."""
        behind = select(reminder_rules.c.clinic).where(
            reminder_rules.c.clinic == clinic, reminder_rules.c.behind_start.is_not(None)
        )
        return self.connection.execute(behind).first() is not None

    def planned_anew(self, clinic: str, limit: int) -> tuple[int, list[Remembered]] | None:
        """Return the revision to plan by and the next bookings to plan anew, and go on behind them.

        None where nothing is left; others who do the same wait until the commit.
        """
        behind = select(reminder_rules).where(
            reminder_rules.c.clinic == clinic, reminder_rules.c.behind_start.is_not(None)
        )
        row = self.connection.execute(behind.with_for_update(key_share=True)).first()
        if row is None:
            return None
        here = tuple_(literal(row.behind_start, UtcDateTime), literal(row.behind_reference, String))
        later = tuple_(appointments.c.start, appointments.c.reference) > here
        found = self._remembered(appointments.c.clinic == clinic, _stands(), later, limit=limit)
        on = (found[-1].start, found[-1].reference) if len(found) == limit else (None, None)
        this = update(reminder_rules).where(reminder_rules.c.clinic == clinic)
        self.connection.execute(this.values(behind_start=on[0], behind_reference=on[1]))
        return row.revision, found

    def _remembered(self, *where: Any, limit: int | None = None, to_change: bool = True) -> list[Remembered]:
        """Return what is known of bookings by start, always locked in that order where it is `to_change`."""
        ordered = select(appointments).where(*where).order_by(appointments.c.start, appointments.c.reference)
        query = ordered.limit(limit)
        rows = self.connection.execute(query.with_for_update() if to_change else query).all()
        said = self.consents_for([row.reference for row in rows])
        return [Remembered(**row._mapping, consent=said[row.reference]) for row in rows]


def _stands() -> Any:
    return appointments.c.facts.is_not(None)


def _held(clinic: str | ColumnElement[str]) -> Select[int]:
    """Return the query for the revision that a clinic's reminders are planned by, which holds it."""
    known = select(reminder_rules.c.revision).where(reminder_rules.c.clinic == clinic)
    return known.with_for_update(read=True, key_share=True)


def _newer(news: Any, table: Table, key: str, columns: Iterable[str]) -> Any:
    """Return an INSERT that changes only what is older."""
    changed = {name: news.excluded[name] for name in columns if name != key}
    newer = table.c.version < news.excluded.version
    return news.on_conflict_do_update(index_elements=[key], set_=changed, where=newer)


def _remember(news: Any) -> Any:
    """Return the INSERT of bookings' states that says which were news, and by what their reminders are planned."""
    held = _held(literal_column("appointments.clinic")).scalar_subquery()
    return _newer(news, appointments, "reference", _REMEMBERED).returning(appointments.c.reference, held)


def _note_consents(news: Any) -> Any:
    return _newer(news, patients, "id", _CONSENT).returning(patients.c.id)


def _note_patients(news: Any) -> Any:
    another = booked_patients.c.patient != news.excluded.patient
    return news.on_conflict_do_update(
        index_elements=["booking"], set_={"patient": news.excluded.patient}, where=another
    )


def _plan(news: Any) -> Any:
    """Return the INSERT of reminders that brings those up to date that have surely not gone out."""
    changed = ("time_zone", "content", "state", "booking_version", "correlation_id", "due_at")
    unsent = or_(messages.c.state == PLANNED, messages.c.state == WITHDRAWN)
    return news.on_conflict_do_update(
        index_elements=["source_event", "audience", "channel", "recipient"],
        set_={name: news.excluded[name] for name in changed},
        where=and_(unsent, is_with_nobody(_NOW)),
    )


def _consents_for() -> Select[Any]:
    """Return the query for the switches of those whose bookings these are."""
    whose = booked_patients.join(patients, patients.c.id == booked_patients.c.patient)
    found = select(booked_patients.c.booking, *_SWITCHES).select_from(whose)
    return found.where(among(booked_patients.c.booking, "references"))


def _waiting_reminders() -> Select[Any]:
    """Return the query for planned reminders that nobody has in hand."""
    columns = [messages.c[name] for name in Waiting.__dataclass_fields__]
    planned = and_(messages.c.event == REMINDER, messages.c.resend_of.is_(None))
    return select(*columns).where(among(messages.c.booking, "references"), planned, is_untouched(_NOW))


def _remembered_now() -> Select[Any]:
    """Return the query for what is known of a booking, which holds it."""
    this = appointments.c.reference == bindparam("reference", type_=String)
    return select(*(appointments.c[name] for name in _REMEMBERED)).where(this).with_for_update()


def _rewrite() -> Any:
    """Return the statement that writes what a claimed message says."""
    claimed = and_(messages.c.id == bindparam("mine"), messages.c.attempts == bindparam("claim"), is_planned())
    return update(messages).where(claimed).values(content=bindparam("content"))


_NOW = bindparam("now", type_=UtcDateTime)
_CONSENT = ("version", *Consent.__dataclass_fields__)
_SWITCHES = tuple(patients.c[name] for name in Consent.__dataclass_fields__)
_REMEMBER = PreparedRows(appointments, _REMEMBERED, _remember)
_NOTE_PATIENTS = PreparedRows(booked_patients, completed=_note_patients)
_NOTE_CONSENTS = PreparedRows(patients, ("id", *_CONSENT), _note_consents)
_CONSENTS_OF = Prepared(select(patients.c.id, *_SWITCHES).where(among(patients.c.id, "ids")))
_CONSENTS_FOR = Prepared(_consents_for())
_WAITING_REMINDERS = Prepared(_waiting_reminders())
_PLAN = PreparedRows(messages, MESSAGE_COLUMNS, _plan)
_WITHDRAW = Prepared(update(messages).where(among(messages.c.id, "ids"), is_untouched(_NOW)).values(state=WITHDRAWN))
_REMEMBERED_NOW = Prepared(_remembered_now())
_REWRITE = Prepared(_rewrite())
