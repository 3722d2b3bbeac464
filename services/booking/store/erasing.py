"""What takes a person out of bookings and all that belongs to them (PRODUCT A3, ADR 53)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select, update

from services.booking.model.history import Entry
from services.booking.model.needs import CLOSED
from services.booking.model.typed import NOTHING_TYPED
from services.booking.store.tables import bookings, erased_patients, history, needs, recalls, watch_list
from shared.bus.events.unit_of_work import ServiceStore
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

    def erase_bookings(self, references: Collection[str], person: str) -> None:
        """Leave of bookings when and for what they were: `person` is nobody, sealed."""
        nobody = {"person": person, "note": None, "typed_hash": NOTHING_TYPED, "contact_differs": ""}
        without = update(bookings).where(bookings.c.reference.in_(references))
        self.connection.execute(without.values(**nobody, undo=None, undo_until=None))
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
