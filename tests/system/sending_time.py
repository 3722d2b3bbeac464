"""Time as those see it who send messages: hours pass by changing when a row is due, never by waiting."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from tests.system.databases import open_database
from tests.system.installation import Installation, wait_until


def let_pass(frontdesk: Installation, time: timedelta) -> None:
    """Let so much time pass for the messages that wait, in one step: nobody's news of them is written over.

    Whoever has one in hand loses it, since its lease is another one then: call `all_tried` first where senders run.
    """
    with _database_of(frontdesk) as connection:
        is_sqlite = connection.dialect.name == "sqlite"  # it keeps naive UTC text
        earlier = "strftime('%Y-%m-%d %H:%M:%f000', {0}, :time)" if is_sqlite else "{0} - :time"
        changes = ", ".join(f"{name} = {earlier.format(name)}" for name in ("due_at", "lease_until", "handed_over_at"))
        past = f"-{time.total_seconds()} seconds" if is_sqlite else time
        connection.execute(text(f"UPDATE messages SET {changes} WHERE state = 'planned'"), {"time": past})


def all_tried(frontdesk: Installation) -> None:
    """Wait until each message that is not sent was tried, and waits for later: nobody has it in hand."""

    def nothing_is_due() -> bool:
        with _database_of(frontdesk) as connection:
            rows = connection.execute(text("SELECT due_at, lease_until FROM messages WHERE state = 'planned'")).all()
        return all(row.lease_until is None and _moment(row.due_at) > datetime.now(UTC) for row in rows)

    wait_until(nothing_is_due, "all that is due was tried")


def _database_of(frontdesk: Installation) -> AbstractContextManager[Connection]:
    """Open the database of the messages for one transaction."""
    url = frontdesk.environment.get("NOTIFICATION_DATABASE_URL")
    return open_database(url or f"sqlite:///{frontdesk.environment['DATA_DIR']}/notification.sqlite3")


def _moment(stored: Any) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if isinstance(stored, str) else stored
