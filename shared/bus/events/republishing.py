"""Publishes anew what an outbox has: for a bus that forgot what was on its way (DESIGN rule 2).

Rows are marked as unpublished; the relay does the rest. Consumers know by their inboxes what they have, so it may be
done as often as one likes; never is an event published anew that an inbox may have forgotten meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, or_, select, update

from shared.bus.events.relay import KEPT
from shared.storage.database import Database

REMEMBERED = KEPT - timedelta(days=1)
"""Whatever happened within this time is still in each inbox that has it: rows are purged once a day."""

_AT_ONCE = 1000


def publish_anew(database: Database, outbox: Table, since: datetime, now: datetime) -> int:
    """Let go out again what happened, or was published, since then; return how many events.

    What is claimed goes out with it, since whoever claimed it may be gone; if not, it is a repetition.
    What happened longer ago than `REMEMBERED` stays, however lately it was published: it would be acted on twice.
    """
    count, position = 0, 0
    while True:  # in small transactions: the relay publishes meanwhile
        with database.transaction() as connection:
            found = _published(connection, outbox, since, now - REMEMBERED, position)
            connection.execute(
                update(outbox).where(outbox.c.position.in_(found)).values(published_at=None, claimed_until=None)
            )
        if not found:
            return count
        count, position = count + len(found), found[-1]


def _published(
    connection: Connection, outbox: Table, since: datetime, remembered_since: datetime, behind: int
) -> Sequence[int]:
    was_sent = or_(outbox.c.published_at.is_not(None), outbox.c.claimed_until.is_not(None))
    lately = or_(outbox.c.created_at >= since, outbox.c.published_at >= since, outbox.c.claimed_until.is_not(None))
    published = select(outbox.c.position).where(
        outbox.c.position > behind,
        was_sent,
        outbox.c.created_at >= remembered_since,
        lately,
    )
    return connection.scalars(published.order_by(outbox.c.position).limit(_AT_ONCE)).all()
