"""Reminders: planned, moved and withdrawn with what is remembered of their bookings (PRODUCT N3)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, literal, or_, select, tuple_, update

from services.notification.model.messages import PLANNED, WITHDRAWN, Message
from services.notification.model.remembered import NOTHING_SAID, Consent, Remembered
from services.notification.store.message_rows import MessageRows, is_untouched, is_with_nobody
from services.notification.store.tables import appointments, booked_patients, messages, patients, reminder_rules
from shared.clinic.message_keys import REMINDER
from shared.storage.database import UtcDateTime


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

    def remember(self, newest: Remembered) -> bool:
        """Note a booking's state and hold its row; False, and nothing noted, where a newer one is known."""
        row = {name: value for name, value in asdict(newest).items() if name != "consent"}
        news = self.insert_into(appointments).values(row)
        changed = {name: news.excluded[name] for name in row if name != "reference"}
        done = self.connection.execute(
            news.on_conflict_do_update(
                index_elements=["reference"], set_=changed, where=appointments.c.version < news.excluded.version
            )
        )
        return done.rowcount == 1

    def note_patient(self, booking: str, patient: str) -> None:
        """Note whose booking it is; always before the booking itself is held, lest two wait for each other."""
        row = self.insert_into(booked_patients).values(booking=booking, patient=patient)
        self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["booking"], set_={"patient": patient}, where=booked_patients.c.patient != patient
            )
        )

    def note_consent(self, patient: str, version: int, consent: Consent) -> bool:
        """Note what a patient's record says; False, and nothing noted, where something newer is known."""
        news = self.insert_into(patients).values(id=patient, version=version, **asdict(consent))
        changed = {name: news.excluded[name] for name in ("version", *asdict(consent))}
        done = self.connection.execute(
            news.on_conflict_do_update(
                index_elements=["id"], set_=changed, where=patients.c.version < news.excluded.version
            )
        )
        return done.rowcount == 1

    def consent_of(self, patient: str) -> Consent:
        """Return what is known of a patient's switches."""
        columns = (patients.c.sms_reminder, patients.c.sms_ok, patients.c.email_ok)
        row = self.connection.execute(select(*columns).where(patients.c.id == patient)).first()
        return Consent(*row) if row else NOTHING_SAID

    def remembered(self, reference: str) -> Remembered | None:
        """Return what is known of a booking, alone with it until the commit."""
        return next(iter(self._remembered(appointments.c.reference == reference)), None)

    def bookings_of_patient(self, patient: str, after: datetime) -> list[Remembered]:
        """Return the patient's standing bookings that start after `after`, alone with them until the commit."""
        theirs = select(booked_patients.c.booking).where(booked_patients.c.patient == patient)
        return self._remembered(appointments.c.reference.in_(theirs), _stands(), appointments.c.start > after)

    def waiting_reminders(self, references: Iterable[str], now: datetime) -> list[Waiting]:
        """Return the planned reminders of these bookings that nobody has in hand; not those that staff send again."""
        columns = [messages.c[name] for name in Waiting.__dataclass_fields__]
        planned = and_(messages.c.event == REMINDER, messages.c.resend_of.is_(None))
        of_these = and_(messages.c.booking.in_(list(references)), planned)
        return [Waiting(*row) for row in self.connection.execute(select(*columns).where(of_these, is_untouched(now)))]

    def plan_reminders(self, planned: Sequence[Message], now: datetime) -> None:
        """Write reminders, or bring what is planned or withdrawn up to date; nothing that has gone out, or may have."""
        if not planned:
            return
        news = self.insert_into(messages)
        changed = ("time_zone", "content", "state", "booking_version", "correlation_id", "due_at")
        unsent = and_(or_(messages.c.state == PLANNED, messages.c.state == WITHDRAWN), is_with_nobody(now))
        upsert = news.on_conflict_do_update(
            index_elements=["source_event", "audience", "channel", "recipient"],
            set_={name: news.excluded[name] for name in changed},
            where=unsent,
        )
        self.connection.execute(upsert, [vars(message) for message in planned])

    def withdraw_reminders(self, ids: Sequence[str], now: datetime) -> None:
        """Withdraw planned reminders that nobody has in hand."""
        if ids:
            these = update(messages).where(messages.c.id.in_(ids), is_untouched(now))
            self.connection.execute(these.values(state=WITHDRAWN))

    def rewrite(self, claimed: Message, content: str) -> bool:
        """Write what a claimed message says by now; False where the claim had passed to somebody else."""
        mine = and_(messages.c.id == claimed.id, messages.c.attempts == claimed.attempts, messages.c.state == PLANNED)
        return self.connection.execute(update(messages).where(mine).values(content=content)).rowcount == 1

    def hold_rules(self, clinic: str, revision: int, rules: str) -> int:
        """Return the revision that the clinic's reminders are planned by, which none can change until the commit.

        `revision` and `rules` are the caller's own, noted where nothing is known.
        """
        row = self.insert_into(reminder_rules).values(clinic=clinic, revision=revision, rules=rules)
        self.connection.execute(row.on_conflict_do_nothing())
        held = select(reminder_rules.c.revision).where(reminder_rules.c.clinic == clinic)
        return int(self.connection.execute(held.with_for_update(read=True, key_share=True)).scalar_one())

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
        said = self._consents([row.reference for row in rows])
        return [Remembered(**row._mapping, consent=said.get(row.reference, NOTHING_SAID)) for row in rows]

    def _consents(self, references: list[str]) -> dict[str, Consent]:
        whose = booked_patients.join(patients, patients.c.id == booked_patients.c.patient)
        columns = (booked_patients.c.booking, patients.c.sms_reminder, patients.c.sms_ok, patients.c.email_ok)
        found = select(*columns).select_from(whose).where(booked_patients.c.booking.in_(references))
        return {row.booking: Consent(*row[1:]) for row in self.connection.execute(found)}


def _stands() -> Any:
    return appointments.c.facts.is_not(None)
