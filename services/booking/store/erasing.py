"""What takes a person out of bookings and all that belongs to them, when asked or when it is old (A3, ADR 53, 58)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, or_, select, update

from services.booking.model.history import Entry
from services.booking.model.needs import CLOSED, OPEN
from services.booking.model.typed import NOTHING_TYPED
from services.booking.store.needs import is_used
from services.booking.store.tables import bookings, erased_patients, history, needs, recalls, watch_list
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.needs import first_weeks
from shared.clinic.retention import Over
from shared.clinic.times.weeks import week_of
from shared.retention.runs import RetentionRows
from shared.storage.lists import among
from shared.storage.prepared import Prepared

_ERASED = Prepared(select(erased_patients.c.patient).where(among(erased_patients.c.patient, "patients")))


class ErasingRows(ServiceStore):
    """Erased patients, and what is left of what was theirs."""

    def note_erased(self, patient: str, now: datetime) -> None:
        """Note that a patient's record was erased; once more changes nothing."""
        row = self.insert_into(erased_patients).values(patient=patient, at=now)
        self.connection.execute(row.on_conflict_do_nothing())

    def erased_among(self, patients: Collection[str]) -> set[str]:
        """Return which of these patients' records were erased."""
        return {row[0] for row in _ERASED.rows(self.connection, patients=sorted(patients))}

    def bookings_to_erase(self, clinic: str, patient: str) -> list[str]:
        """Return the references of all bookings of a patient, whom nobody else changes until the commit."""
        theirs = select(bookings.c.reference).where(bookings.c.clinic == clinic, bookings.c.patient_id == patient)
        return list(self.connection.scalars(theirs.order_by(bookings.c.reference).with_for_update(key_share=True)))

    def erase_bookings(self, references: Collection[str], person: str, now: datetime) -> None:
        """Leave of bookings when and for what they were: `person` is nobody, sealed."""
        nobody = {"person": person, "note": None, "typed_hash": NOTHING_TYPED, "contact_differs": ""}
        without = update(bookings).where(bookings.c.reference.in_(references))
        self.connection.execute(without.values(**nobody, undo=None, undo_until=None, erased_at=now))
        self.connection.execute(delete(recalls).where(recalls.c.booking.in_(references)))
        self.connection.execute(delete(watch_list).where(watch_list.c.booking.in_(references)))

    def erase_needs(self, ids: Collection[str], person: str) -> None:
        """Close needs for good and leave nobody in them, nor a code that opens them.

        Kept from others first: what somebody is just issuing for one of them is erased, too.
        """
        without = update(needs).where(needs.c.id.in_(ids))
        self.connection.execute(without.values(person=person, state=CLOSED))
        self.connection.execute(delete(recalls).where(recalls.c.need.in_(ids)))

    def erase_history(self, entries: Iterable[Entry]) -> None:
        """Write entries without what was personal in them over what they were."""
        for entry in entries:
            this = update(history).where(history.c.booking == entry.booking, history.c.position == entry.position)
            self.connection.execute(this.values(source=entry.source, changes=entry.changes, erased=entry.erased))


class OldBooking(NamedTuple):
    """A booking that is over, and the need that it used, if any."""

    reference: str
    need: str | None


class OldRows(RetentionRows):
    """What is over."""

    def old_bookings(self, over: Over, most: int) -> list[OldBooking]:
        """Return the oldest bookings that are over and still somebody's, held until the commit.

        Those that somebody is changing are passed over.
        """
        query = select(bookings.c.reference, bookings.c.need).where(_is_old_booking(over))
        query = query.order_by(bookings.c.ends_at, bookings.c.reference).limit(most)
        rows = self.connection.execute(query.with_for_update(key_share=True, skip_locked=True))
        return [OldBooking(*row) for row in rows]

    def count_old_bookings(self, over: Over, most: int) -> int:
        """Return how many there are, up to `most`."""
        return self._count(select(bookings.c.reference).where(_is_old_booking(over)).limit(most))

    def unlink(self, references: Collection[str]) -> None:
        """Forget whose bookings these were, and for which need."""
        these = update(bookings).where(bookings.c.reference.in_(references))
        self.connection.execute(these.values(patient_id=None, need=None))

    def delete_old_watched(self, over: Over, most: int) -> int:
        """Delete entries of the watch list that were ticked off long ago; return how many."""
        some = select(watch_list.c.id).where(_is_old_watched(over)).order_by(watch_list.c.done_at).limit(most)
        return self.connection.execute(delete(watch_list).where(watch_list.c.id.in_(some))).rowcount

    def count_old_watched(self, over: Over, most: int) -> int:
        """Return how many there are, up to `most`."""
        return self._count(select(watch_list.c.id).where(_is_old_watched(over)).limit(most))

    def old_needs(self, over: Over, now: datetime, most: int) -> list[str]:
        """Return the oldest needs that nobody can use any more, nor does."""
        query = select(needs.c.id).where(_is_old_need(over), ~is_used(now)).order_by(needs.c.week, needs.c.id)
        return list(self.connection.scalars(query.limit(most)))

    def delete_needs(self, ids: Sequence[str]) -> None:
        """Delete needs, with the recalls for them."""
        self.connection.execute(delete(recalls).where(recalls.c.need.in_(ids)))
        self.connection.execute(delete(needs).where(needs.c.id.in_(ids)))

    def seen_since(self, clinic: str, patients: Collection[str], since: datetime) -> set[str]:
        """Return those of some patients who have a booking that ends since then, was made since, or is watched."""
        watched = exists().where(watch_list.c.booking == bookings.c.reference, watch_list.c.done_at.is_(None))
        lately = or_(bookings.c.ends_at >= since, bookings.c.created_at >= since, watched)
        theirs = and_(bookings.c.clinic == clinic, bookings.c.patient_id.in_(patients))
        return set(self.connection.scalars(select(bookings.c.patient_id).where(theirs, lately).distinct()))

    def _count(self, some: Select[Any]) -> int:
        return int(self.connection.scalar(select(func.count()).select_from(some.subquery())) or 0)


def _is_old_booking(over: Over) -> ColumnElement[bool]:
    """Return the condition that nobody needs to know any more whose a booking was; who is watched still waits."""
    watched = exists().where(watch_list.c.booking == bookings.c.reference, watch_list.c.done_at.is_(None))
    return and_(
        bookings.c.clinic == over.clinic, bookings.c.ends_at < over.before, bookings.c.erased_at.is_(None), ~watched
    )


def _is_old_watched(over: Over) -> ColumnElement[bool]:
    return and_(watch_list.c.clinic == over.clinic, watch_list.c.done_at < over.before)


def _is_old_need(over: Over) -> ColumnElement[bool]:
    """Return the condition that a need was closed, or expired, before what is kept begins."""
    last, firsts = week_of(over.first_kept), first_weeks(over.document, over.first_kept)
    expired = [and_(needs.c.type == type, needs.c.week < first) for type, first in firsts.items()]
    return and_(
        needs.c.clinic == over.clinic,
        needs.c.week < last,
        or_(needs.c.state == CLOSED, and_(needs.c.state == OPEN, or_(false(), *expired))),
    )
