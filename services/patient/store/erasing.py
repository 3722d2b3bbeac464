"""Queries that erase a record, and tell what was erased (PRODUCT A3, ADR 53)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update

from services.patient.model.erasures import Erasure
from services.patient.model.needs import Need
from services.patient.store.needs import NeedRows
from services.patient.store.tables import erased_bookings, erasures, imported, need_bookings, needs, patients
from shared.storage.lists import among
from shared.storage.prepared import Prepared

_ERASED = Prepared(select(erased_bookings.c.reference).where(among(erased_bookings.c.reference, "references")))


class ErasingRows(NeedRows):
    """Erased records."""

    def erase(self, clinic: str, patient: str, now: datetime) -> list[Need]:
        """Delete a record with its needs, and return these; what lines of files said of either is forgotten.

        That they have become something stays, so that no later file brings it back.
        """
        gone = [row[0] for row in self.connection.execute(select(needs.c.id).where(needs.c.patient == patient))]
        closed = self.needs_by_id(clinic, gone, None, len(gone)) if gone else []
        self.connection.execute(delete(need_bookings).where(need_bookings.c.need.in_(gone)))
        self.connection.execute(delete(needs).where(needs.c.patient == patient))
        self.connection.execute(delete(patients).where(patients.c.id == patient))
        lines = update(imported).where(imported.c.clinic == clinic, imported.c.subject.in_([patient, *gone]))
        self.connection.execute(lines.values(told={}))
        self.connection.execute(insert(erasures).values(patient=patient, clinic=clinic, at=now))
        return closed

    def erasure(self, clinic: str, patient: str) -> Erasure | None:
        """Return what became of an erasure; None where the record was not erased."""
        query = select(erasures).where(erasures.c.clinic == clinic, erasures.c.patient == patient)
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else Erasure(row["at"], row["bookings_at"], row["messages_at"])

    def note_bookings_erased(self, patient: str, references: Collection[str], now: datetime) -> None:
        """Note that booking holds nothing of a patient any more, and which bookings were theirs."""
        for reference in sorted(references):
            row = self.insert_into(erased_bookings).values(reference=reference)
            self.connection.execute(row.on_conflict_do_nothing())
        self._forget_uses(references)
        self._confirm(patient, "bookings_at", now)

    def note_messages_erased(self, patient: str, now: datetime) -> None:
        """Note that notification holds nothing of a patient any more."""
        self._confirm(patient, "messages_at", now)

    def erased_among(self, references: Collection[str]) -> set[str]:
        """Return which of these bookings were of patients who were erased."""
        return {row[0] for row in _ERASED.rows(self.connection, references=sorted(references))}

    def _forget_uses(self, references: Collection[str]) -> None:
        """Delete the needs that these bookings used, and forget which they were for: they are nobody's now."""
        uses = delete(need_bookings).where(need_bookings.c.booking.in_(sorted(references)))
        used = list(self.connection.scalars(uses.returning(need_bookings.c.need)))
        theirs = and_(needs.c.id.in_(used), needs.c.booking.in_(sorted(references)))
        self.connection.execute(delete(needs).where(theirs))

    def _confirm(self, patient: str, what: str, now: datetime) -> None:
        first = update(erasures).where(erasures.c.patient == patient, erasures.c[what].is_(None))
        self.connection.execute(first.values({what: now}))
