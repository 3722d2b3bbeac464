"""Queries by which bookings are told again, and booking's own rows are compared; for a whole page at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from services.booking.model.history import Entry
from services.booking.store.tables import history, needs, occupancy, outbox, watch_list
from shared.bus.events.unit_of_work import ServiceStore

TakenTime = tuple[str, datetime, datetime]
"""Of what, from when to when."""


class Comparing(ServiceStore):
    """What belongs to bookings, by reference."""

    def histories_of(self, references: Collection[str]) -> Mapping[str, list[Entry]]:
        """Return the histories of bookings, each the oldest entry first."""
        query = select(history).where(history.c.booking.in_(references)).order_by(history.c.booking, history.c.position)
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for row in self.connection.execute(query).mappings():
            found[row["booking"]].append(Entry(**row))
        return found

    def published_of(self, references: Collection[str], types: Collection[str]) -> Mapping[str, dict[str, str]]:
        """Return the events of these types that the outbox has of bookings: id to type."""
        subject = outbox.c.body["subject"].as_string()
        query = select(subject, outbox.c.event_id, outbox.c.type).where(outbox.c.type.in_(types))
        query = query.order_by(outbox.c.position)
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for reference, event_id, type in self.connection.execute(query.where(subject.in_(references))):
            found[reference][event_id] = type
        return found

    def taken_by(self, references: Collection[str]) -> Mapping[str, set[TakenTime]]:
        """Return the time that bookings occupy."""
        columns = (occupancy.c.booking, occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at)
        found: defaultdict[str, set[TakenTime]] = defaultdict(set)
        for reference, *time in self.connection.execute(select(*columns).where(occupancy.c.booking.in_(references))):
            found[str(reference)].add((time[0], time[1], time[2]))
        return found

    def watched_of(self, references: Collection[str]) -> set[str]:
        """Return which of these bookings are, or were, on the watch list because they were cancelled."""
        cancelled = (watch_list.c.booking.in_(references), watch_list.c.absence.is_(None))
        return set(self.connection.scalars(select(watch_list.c.booking).where(*cancelled)))

    def needs_kept(self, ids: Collection[str]) -> Mapping[str, tuple[int, tuple[object, ...]]]:
        """Return what is kept of needs: version, and patient, type, practitioner, minutes, week and state."""
        said = (needs.c.patient, needs.c.type, needs.c.practitioner, needs.c.minutes, needs.c.week, needs.c.state)
        rows = self.connection.execute(select(needs.c.id, needs.c.version, *said).where(needs.c.id.in_(ids)))
        return {row[0]: (row[1], tuple(row[2:])) for row in rows}
