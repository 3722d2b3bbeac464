"""Events are written in the transaction of what they tell of, and published afterwards (DESIGN rule 2)."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, or_, select, text, update

from shared.contracts.envelope import Event
from shared.storage.database import Json, UtcDateTime
from shared.storage.keys.resealing import BY_EVENT_KEYS
from shared.storage.lists import PreparedRows

CLAIM = timedelta(seconds=20)
"""How long events belong to a relay: longer than the broker's confirms are waited for, clocks apart or not."""


def outbox_table(metadata: MetaData) -> Table:
    """Return the table of events still to publish or lately published.

    What is to be published belongs to one relay until `claimed_until`.
    """
    return Table(
        "outbox",
        metadata,
        Column("position", Integer, primary_key=True, autoincrement=True),
        Column("event_id", String(32), nullable=False, unique=True),
        Column("type", String(64), nullable=False),
        Column("body", Json, nullable=False, info=BY_EVENT_KEYS),
        Column("created_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime),
        Column("claimed_until", UtcDateTime),
        Index(
            "ix_outbox_unpublished",
            "position",
            postgresql_where=text("published_at IS NULL"),
            sqlite_where=text("published_at IS NULL"),
        ),
        Index("ix_outbox_published_at", "published_at"),
    )


def add_events(
    connection: Connection, outbox: Table, events: Sequence[Event], claimed_until: datetime | None = None
) -> None:
    """Write `events` into the running transaction, in their order; a relay publishes them after the commit.

    That of this process, where they are claimed for it.
    """
    rows = [
        {
            "event_id": event.id,
            "type": event.type,
            "body": event.to_json(),
            "created_at": datetime.fromisoformat(event.time),
            "claimed_until": claimed_until,
        }
        for event in events
    ]
    _added(outbox).write(connection, rows)


def blank_persons(
    connection: Connection, outbox: Table, about: Collection[str], blank: Callable[[str], str | None]
) -> None:
    """Take the person out of all events about these subjects or bookings, published or not: the rest stands.

    `blank` returns the sealed text that an event of a type holds instead, None where it holds none. Nothing else reads
    the rows of one subject, so that there is no index for it: this looks through what is kept, which is 14 days.
    """
    subject, booking = outbox.c.body["subject"].as_string(), outbox.c.body["data"]["booking"].as_string()
    theirs = or_(subject.in_(sorted(about)), booking.in_(sorted(about)))
    rows = connection.execute(select(outbox.c.position, outbox.c.type, outbox.c.body).where(theirs)).all()
    for position, type, body in rows:
        if (person := blank(type)) is not None:
            emptied = {**body, "data": {**body["data"], "person": person}}
            connection.execute(update(outbox).where(outbox.c.position == position).values(body=emptied))


@cache
def _added(outbox: Table) -> PreparedRows:
    return PreparedRows(outbox, ("event_id", "type", "body", "created_at", "claimed_until"))
