"""How the contract writes messages into the store and looks at them again."""

from services.notification.model.messages import Message
from services.notification.store import NotificationStore
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
