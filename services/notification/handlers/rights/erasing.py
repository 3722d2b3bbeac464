"""Notification forgets a person: of messages about them it is left that they were (PRODUCT A3, ADR 53)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from services.notification.model.messages import Content
from services.notification.model.told import BookingsGone
from shared.bus.events.effects import Effect
from shared.contracts.notification import MESSAGES_ERASED, MessagePerson, MessagesEnd
from shared.contracts.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.contracts.envelope import Event

TO_NOBODY = Content(to="", text="")


def forget_patients(desk: Desk, events: Sequence[Event]) -> Effect[tuple[Event, BookingsGone]]:
    """Empty all messages about erased patients, withdraw what waits, and tell that it is done."""
    told = [(event, (event, BookingsGone.read(event.data))) for event in events]
    return Effect(told, partial(_forget_all, desk))


def _forget_all(desk: Desk, store: NotificationStore, told: Sequence[tuple[Event, BookingsGone]]) -> None:
    """Forget bookings and needs first: who is just writing of one of them has done so then, or writes no more."""
    store.one_at_a_time({subject for _, gone in told for subject in (*gone.references, *gone.needs)})
    people = desk.keys.people
    nobody = people.seal(plain(MessagePerson(to="")))
    for event, gone in told:
        store.erase_bookings(event.clinic, gone.references, event.subject, desk.now)
        store.erase_needs(gone.needs)
        ids = store.erase_messages(gone.references, gone.needs, people.seal(TO_NOBODY.to_json()))
        store.blank_persons([*ids, *gone.references], lambda type: None if type == MESSAGES_ERASED else nobody)
        end = desk.event(
            MESSAGES_ERASED, event.clinic, event.subject, event.subject_version, MessagesEnd(), cause=event
        )
        store.publish(end)
