"""Queries about practitioners' calendars for calendar programs."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update

from services.staff.model.feeds import Feed
from services.staff.store.tables import calendar_feeds
from shared.bus.events.unit_of_work import ServiceStore

_KEPT = [field.name for field in fields(Feed)]


class FeedRows(ServiceStore):
    """The feeds of all accounts."""

    def add_feed(self, feed: Feed) -> None:
        """Write a new feed."""
        self.connection.execute(insert(calendar_feeds), vars(feed))

    def feed(self, id: str) -> Feed | None:
        """Return a feed; None where it was revoked, or never was."""
        row = self.connection.execute(select(calendar_feeds).where(calendar_feeds.c.id == id)).first()
        return None if row is None else _read(row)

    def feeds_of_clinic(self, clinic: str) -> list[Feed]:
        """Return the feeds of a clinic's calendars, the oldest first."""
        query = select(calendar_feeds).where(calendar_feeds.c.clinic == clinic)
        query = query.order_by(calendar_feeds.c.created_at, calendar_feeds.c.id)
        return [_read(row) for row in self.connection.execute(query)]

    def feeds_of_account(self, account: str) -> list[Feed]:
        """Return an account's feeds at all clinics, the oldest first."""
        query = select(calendar_feeds).where(calendar_feeds.c.account == account)
        query = query.order_by(calendar_feeds.c.created_at, calendar_feeds.c.id)
        return [_read(row) for row in self.connection.execute(query)]

    def note_fetched(self, id: str, at: datetime) -> None:
        """Write down that a feed was fetched."""
        self.connection.execute(update(calendar_feeds).where(calendar_feeds.c.id == id).values(fetched_at=at))

    def drop_feeds(self, ids: Collection[str]) -> None:
        """Drop some feeds: their addresses open nothing any more."""
        if ids:
            self.connection.execute(delete(calendar_feeds).where(calendar_feeds.c.id.in_(ids)))


def _read(row: Row[tuple[object, ...]]) -> Feed:
    return Feed(**{name: row._mapping[name] for name in _KEPT})
