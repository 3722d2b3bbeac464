"""How the contract writes messages into the store and looks at them again."""

from datetime import datetime
from typing import Any

from services.notification.model.messages import Message
from services.notification.store import Claim, News, NotificationStore
from shared.bus.events.unit_of_work import UnitOfWork

Work = UnitOfWork[NotificationStore]

NOTHING = {"clinic": None, "booking": None, "state": None, "channel": None}
"""What a list is asked for that nothing narrows."""


def write(work: Work, *messages: Message) -> None:
    """Write messages."""
    with work() as store:
        for message in messages:
            store.add(message)


def written(work: Work, id: str = "1") -> Message:
    """Return a message of any clinic as it is now."""
    with work.reading() as store:
        found = store.get(None, id)
    assert found is not None
    return found


def taken(store: NotificationStore, channel: str, now: datetime, lease_until: datetime) -> Claim | None:
    """Take the message that is due longest on a channel, if any."""
    claims, _ = store.claim_due(channel, now, lease_until, 1)
    return next(iter(claims), None)


def noted(store: NotificationStore, reference: str, version: int, practitioner: str, since: datetime) -> int:
    """Note a version of a booking; return how many changes of it were told `since`, none where it is no news."""
    found = store.note_versions([News(reference, version, practitioner)], since).get(reference)
    return found.changes_told if found else 0


def settled(store: NotificationStore, claimed: Message, **outcome: Any) -> bool:
    """Write what came of one message in hand; tell whether it was its claimer's still."""
    return store.settle([(claimed, {"handed_over_at": None, **outcome})]) == {claimed.id}


def put_off(store: NotificationStore, claimed: Message, until: datetime, **known: Any) -> None:
    """End a claim that came to nothing."""
    store.settle([(claimed, {"attempts": claimed.attempts - 1, "due_at": until, **known})])
