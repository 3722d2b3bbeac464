"""Availability's tables and queries: the clinics' documents, and which time is occupied.

Occupancy is a projection of booking's events. A look-up reads an index between two moments, so it costs by what
lies in the range, never by how many bookings there are.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, exists, not_, null, or_, select, update

from services.availability.model.current import StoredClinic
from services.availability.model.occupancy import BOOKING, FIRST, Busy, Occupant, State, different
from services.availability.store.history import HistoryRows
from services.availability.store.pictures import PictureRows
from services.availability.store.tables import (
    absence_keys,
    clinics,
    inbox,
    metadata,
    occupancy,
    occupants,
    outbox,
    set_up_history,
)
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared, Row

LONGEST_OCCUPANCY = timedelta(days=3)
"""An appointment of at most a day and two buffers of at most a day each; the schema of the document says so."""


_CLINIC = Prepared(
    select(
        clinics.c.revision,
        case((clinics.c.revision == bindparam("known"), null()), else_=clinics.c.document).label("document"),
    ).where(clinics.c.clinic == bindparam("this"))
)

_OCCUPIED = select(occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at, occupancy.c.expires_at).where(
    occupancy.c.clinic == bindparam("clinic"),
    among(occupancy.c.resource, "resources"),
    occupancy.c.starts_at > bindparam("earliest"),
    occupancy.c.starts_at < bindparam("end"),
    occupancy.c.ends_at > bindparam("start"),
    or_(occupancy.c.expires_at.is_(None), occupancy.c.expires_at > bindparam("now")),
)
_TAKEN = (
    occupancy.c.clinic,
    occupancy.c.resource,
    occupancy.c.starts_at,
    occupancy.c.ends_at,
    occupancy.c.expires_at,
)
_FREE = Prepared(
    delete(occupancy)
    .where(among(occupancy.c.owner, "owners"), among(occupancy.c.reference, "references"))
    .returning(*_TAKEN)
)
"""No booking's reference is a hold's."""
_TAKE = PreparedRows(occupancy)
_BUT_BOOKING = not_(and_(occupancy.c.owner == BOOKING, occupancy.c.reference == bindparam("but")))
_BUSY, _BUSY_BUT = Prepared(_OCCUPIED), Prepared(_OCCUPIED.where(_BUT_BOOKING))


def _unless_newer(row: Any) -> Any:
    """Return of whom nothing newer was known."""
    news = {"version": row.excluded.version, "kept_until": row.excluded.kept_until}
    newer = occupants.c.version < row.excluded.version
    noted = row.on_conflict_do_update(index_elements=["owner", "reference"], set_=news, where=newer)
    return noted.returning(occupants.c.owner, occupants.c.reference)


_NOTED = PreparedRows(occupants, completed=_unless_newer)

__all__ = ["LONGEST_OCCUPANCY", "AvailabilityStore", "Span", "clinics", "metadata", "occupancy", "occupants"]

Span = tuple[datetime, datetime]
"""From when to when, half-open."""


class AvailabilityStore(PictureRows, HistoryRows, ServiceStore):
    """Documents and their history, pictures and occupancy of all clinics."""

    outbox = outbox
    inbox = inbox

    def clinics(self) -> list[tuple[str, str, bool]]:
        """Return (clinic, name, whether booking is active) of all clinics, by clinic."""
        name, active = clinics.c.document["name"], clinics.c.document["booking"]["active"]
        query = select(clinics.c.clinic, name.as_string(), active.as_boolean()).order_by(clinics.c.clinic)
        return [(clinic, title, bool(on)) for clinic, title, on in self.connection.execute(query)]

    def clinic(self, clinic: str, known_revision: int = 0) -> StoredClinic | None:
        """Return the clinic, without its document where `known_revision` is still in force; None for no such."""
        row = _CLINIC.row(self.connection, this=clinic, known=known_revision)
        return StoredClinic(*row) if row else None

    def clinic_to_change(self, clinic: str) -> StoredClinic | None:
        """Return the clinic and let nobody else change it until this transaction ends."""
        entry = exists().where(
            set_up_history.c.clinic == clinics.c.clinic, set_up_history.c.revision == clinics.c.revision
        )
        query = select(clinics.c.revision, clinics.c.document, entry).where(clinics.c.clinic == clinic)
        row = self.connection.execute(query.with_for_update()).one_or_none()
        return StoredClinic(*row) if row else None

    def add_clinic(self, clinic: str, document: dict[str, Any], now: datetime) -> bool:
        """Store a new clinic as revision 1; False where somebody else did so meanwhile."""
        row = {"clinic": clinic, "revision": 1, "document": document, "updated_at": now}
        return self.connection.execute(self.insert_into(clinics).values(row).on_conflict_do_nothing()).rowcount == 1

    def change_clinic(self, clinic: str, revision: int, document: dict[str, Any], now: datetime) -> None:
        """Store the next revision of a clinic that `clinic_to_change` returned."""
        values = {"revision": revision, "document": document, "updated_at": now}
        self.connection.execute(update(clinics).where(clinics.c.clinic == clinic).values(values))

    def absence_entered(self, clinic: str, key: str, since: datetime) -> tuple[str, str] | None:
        """Return (hash of the body, id) of the absence that was entered under `key` since a moment, or None."""
        row = self.connection.execute(
            select(absence_keys.c.body_hash, absence_keys.c.absence).where(
                absence_keys.c.clinic == clinic, absence_keys.c.key == key, absence_keys.c.created_at > since
            )
        ).one_or_none()
        return None if row is None else (row[0], row[1])

    def keep_absence_entered(self, clinic: str, key: str, body_hash: str, absence: str, now: datetime) -> None:
        """Note under which key an absence was entered; the clinic must be held for change."""
        said = {"body_hash": body_hash, "absence": absence, "created_at": now}
        row = self.insert_into(absence_keys).values(clinic=clinic, key=key, **said)
        self.connection.execute(row.on_conflict_do_update(index_elements=["clinic", "key"], set_=said))

    def forget_absences_entered(self, before: datetime) -> None:
        """Forget keys that are older than a moment."""
        self.connection.execute(delete(absence_keys).where(absence_keys.c.created_at < before))

    def busy(
        self,
        clinic: str,
        resources: Collection[str],
        start: datetime,
        end: datetime,
        now: datetime,
        but_booking: str | None = None,
    ) -> list[Busy]:
        """Return what occupies `resources` between `start` and `end`, expired holds and `but_booking` left out."""
        asked = {
            "clinic": clinic,
            "resources": sorted(resources),
            "earliest": start - LONGEST_OCCUPANCY,
            "start": start,
            "end": end,
            "now": now,
        }
        if but_booking is None:
            found = _BUSY.rows(self.connection, **asked)
        else:
            found = _BUSY_BUT.rows(self.connection, **asked, but=but_booking)
        return [Busy(*row) for row in found]

    def occupy(self, states: Iterable[State], now: datetime) -> list[tuple[str, Span]]:
        """Let occupants occupy exactly what their newest `states` say; return in which clinics what is different now.

        Nothing happens where a state of its version or a newer one is known already. Three statements, however many;
        two where all are heard of for the first time.
        """
        newest: dict[tuple[str, str], State] = {}
        for state in sorted(states, key=lambda state: state.occupant[:3]):  # nobody waits in a circle
            newest[state.occupant[:2]] = state
        known = [state.occupant._asdict() for state in newest.values()]
        noted = _NOTED.rows(self.connection, known)
        news = [newest[owner, reference] for owner, reference in noted]
        if not news:
            return []
        freed = [(clinic, Busy(*time)) for clinic, *time in self._free([state.occupant for state in news])]
        taken = [(state, time) for state in news for time in state.times]
        _TAKE.write(
            self.connection,
            [
                {"owner": of.owner, "reference": of.reference, "clinic": clinic, **time._asdict()}
                for (of, clinic, _), time in taken
            ],
        )
        return different(freed, [(state.clinic, time) for state, time in taken], now)

    def _free(self, occupants: Sequence[Occupant]) -> list[Row]:
        """Free what those occupy that were heard of before; return the clinics and times."""
        known = [occupant for occupant in occupants if occupant.version > FIRST]
        if not known:
            return []
        owners, references = [each.owner for each in known], [each.reference for each in known]
        return _FREE.rows(self.connection, owners=owners, references=references)

    def times_of_bookings(self, references: Collection[str]) -> dict[str, tuple[int, set[Busy]]]:
        """Return the version that is known of each of these bookings, and the time that it occupies."""
        known = occupants.outerjoin(
            occupancy, and_(occupancy.c.owner == occupants.c.owner, occupancy.c.reference == occupants.c.reference)
        )
        columns = (occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at, occupancy.c.expires_at)
        query = select(occupants.c.reference, occupants.c.version, *columns).select_from(known)
        found: dict[str, tuple[int, set[Busy]]] = {}
        for row in self.connection.execute(
            query.where(occupants.c.owner == BOOKING, occupants.c.reference.in_(references))
        ):
            _version, times = found.setdefault(row.reference, (row.version, set()))
            if row.resource is not None:
                times.add(Busy(*row[2:]))
        return found

    def bookings_to_come(
        self, clinic: str, now: datetime, after: str | None, named: Collection[str] | None, limit: int
    ) -> list[str]:
        """Return up to `limit` bookings that occupy time to come, by reference: those behind `after`, or of `named`."""
        query = select(occupancy.c.reference).where(
            occupancy.c.owner == BOOKING, occupancy.c.clinic == clinic, occupancy.c.ends_at > now
        )
        if named is not None:
            query = query.where(occupancy.c.reference.in_(named))
        if after is not None:
            query = query.where(occupancy.c.reference > after)
        return list(self.connection.scalars(query.distinct().order_by(occupancy.c.reference).limit(limit)))

    def forget(self, occupant: Occupant, version: int | None = None) -> list[Span]:
        """Forget an occupant, or only where `version` is known of it; return when that frees something."""
        mine = and_(occupants.c.owner == occupant.owner, occupants.c.reference == occupant.reference)
        times = and_(occupancy.c.owner == occupant.owner, occupancy.c.reference == occupant.reference)
        held = self.connection.execute(select(occupants.c.version).where(mine).with_for_update()).scalar()
        if version is not None and held != version:
            return []
        freed = self.connection.execute(
            delete(occupancy).where(times).returning(occupancy.c.starts_at, occupancy.c.ends_at)
        )
        spans = [(start, end) for start, end in freed]
        self.connection.execute(delete(occupants).where(mine))
        return spans

    def sweep(self, now: datetime) -> None:
        """Forget expired holds, and occupants that no late event can concern any more."""
        self.connection.execute(delete(occupancy).where(occupancy.c.expires_at <= now))
        self.connection.execute(delete(occupants).where(occupants.c.kept_until <= now))
