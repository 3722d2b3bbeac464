"""When a message waits to be sent, who may have it, and whether what it says is true: as conditions of queries."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_

from services.notification.model.messages import PATIENT, PLANNED
from services.notification.store.tables import bookings, messages

Moment = datetime | ColumnElement[datetime]
"""A moment, or the parameter of a statement that gets one."""


def is_free(now: Moment) -> ColumnElement[bool]:
    """Return the condition that a message waits to be sent and nobody has it in hand."""
    return and_(is_planned(), _is_unclaimed(now))


def is_untouched(now: Moment) -> ColumnElement[bool]:
    """Return the condition that a message is free, and no provider may have it already."""
    return and_(is_planned(), is_with_nobody(now))


def is_with_nobody(now: Moment) -> ColumnElement[bool]:
    """Return the condition that no sender has a message in hand, and no provider may have it."""
    return and_(_is_unclaimed(now), messages.c.handed_over_at.is_(None))


def is_planned() -> ColumnElement[bool]:
    """Return the condition that a message is still to be sent, as the indexes of such have it."""
    return messages.c.state == literal_column(f"'{PLANNED}'")


def _is_unclaimed(now: Moment) -> ColumnElement[bool]:
    return or_(messages.c.lease_until.is_(None), messages.c.lease_until <= now)


def is_untrue() -> ColumnElement[bool]:
    """Return the condition that a newer version of its booking, or a newer recall, has made a message untrue."""
    return or_(_is_superseded(), _is_issued_again())


def _is_superseded() -> ColumnElement[bool]:
    """Return the condition that the booking has a newer version, or its patient would be told of a void link.

    What tells a practitioner that a booking has left them stays true until the booking is theirs again.
    """
    untrue = or_(messages.c.left_practitioner.is_(None), messages.c.left_practitioner == bookings.c.practitioner)
    newer = and_(bookings.c.version > messages.c.booking_version, untrue)
    void_link = and_(bookings.c.link_version > messages.c.booking_version, messages.c.audience == PATIENT)
    return exists().where(bookings.c.reference == messages.c.booking, or_(newer, void_link))


def _is_issued_again() -> ColumnElement[bool]:
    """Return the condition that a recall has been issued again since a message told of it."""
    newer = messages.alias("newer")
    return exists().where(newer.c.recall == messages.c.recall, newer.c.recall_issue > messages.c.recall_issue)
