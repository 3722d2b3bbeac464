"""What takes texts and addresses out of messages that are older than a clinic keeps them (PRODUCT A3, ADR 58)."""

from sqlalchemy import ColumnElement, and_, case, func, literal_column, null, select, update

from services.notification.model.messages import FAILED, PLANNED, WITHDRAWN
from services.notification.store.tables import messages
from shared.clinic.retention import Over
from shared.retention.runs import RetentionRows


class OldRows(RetentionRows):
    """What is over."""

    def empty_old_messages(self, over: Over, content: str, most: int) -> int:
        """Leave of the oldest messages that are over that they were; return of how many. `content` is nothing, sealed.

        Those that somebody is changing are passed over.
        """
        query = select(messages.c.id).where(_is_old(over)).order_by(messages.c.due_at, messages.c.id).limit(most)
        ids = list(self.connection.scalars(query.with_for_update(skip_locked=True)))
        left = case((_is_unsent(), WITHDRAWN), else_=messages.c.state)
        nobody = {"content": content, "recipient": messages.c.id, "provider_id": null(), "failure": null()}
        self.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(**nobody, state=left))
        return len(ids)

    def count_old_messages(self, over: Over, most: int) -> int:
        """Return how many there are, up to `most`."""
        some = select(messages.c.id).where(_is_old(over)).limit(most)
        return int(self.connection.scalar(select(func.count()).select_from(some.subquery())) or 0)


def _is_old(over: Over) -> ColumnElement[bool]:
    """Return the condition that a message went out, failed or was withdrawn that long ago and is still somebody's."""
    is_kept = and_(messages.c.recipient != messages.c.id, messages.c.state != literal_column(f"'{PLANNED}'"))
    return and_(messages.c.clinic == over.clinic, messages.c.due_at < over.before, is_kept)


def _is_unsent() -> ColumnElement[bool]:
    """Return the condition that a message failed and was not sent again: nobody can do so any more."""
    return and_(messages.c.state == FAILED, messages.c.resent_at.is_(None))
