"""What the tests of sending share: a way out that does as it is told, and messages as staff and the house see them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.notification.channels import Outgoing
from services.notification.handlers import account_links, calling, reminding, writing
from services.notification.handlers.desk import Desk
from services.notification.handlers.reading import messages
from services.notification.handlers.sending import Sender
from services.notification.store import NotificationStore
from shared.bus.events.effects import Effect, take_in
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from tests.builders.clock import FakeClock
from tests.builders.notification.messages import HOUSE, KEYS, STAFF, a_desk

Work = UnitOfWork[NotificationStore]

CONSUMERS: dict[str, tuple[Callable[[Desk, list[Event]], Effect[Any]], str | None]] = {
    "BookingCreated": (writing.tell, "send_confirmation"),
    "BookingMoved": (writing.tell, "send_change"),
    "BookingChanged": (writing.tell, "send_change"),
    "BookingCancelled": (writing.tell, "send_cancellation"),
    "BookingRestored": (writing.tell, "keep_untold"),
    "BookingNoted": (reminding.follow_ended_bookings, "remember_booking"),
    "LinkRenewed": (writing.tell_new_link, "send_new_link"),
    "MoveInvited": (writing.tell, "send_invitation"),
    "RecallIssued": (calling.call_in, "send_recall"),
    "LinkIssued": (account_links.send_links, "send_account_link"),
    "BookingMissed": (reminding.follow_ended_bookings, "withdraw_reminders"),
    "PatientUpdated": (reminding.follow_patients, None),
}
"""What takes in each event, and as whom the inbox knows it."""


def tell(desk: Desk, *events: Event) -> Any:
    """Let events of one type be taken in together, as their consumer does; return what was written, if anything."""
    act, consumer = CONSUMERS[events[0].type]
    written: list[Any] = []
    take_in(desk.work, replace(act(desk, list(events)), afterwards=written.append), consumer, desk.now)
    return next(iter(written), None)


class FakeChannel:
    """A way out that raises `failures`, one at each attempt, and takes messages then.

    Asked what it has taken, it says `has`, or raises it.
    """

    leaves_house = True

    def __init__(self, *failures: Exception, has: Any = ()) -> None:
        self.failures = list(failures)
        self.has = has
        self.attempts: list[Outgoing] = []
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> str | None:
        """Take the message, or fail."""
        self.attempts.append(message)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"id-{len(self.attempts)}"

    def taken(self, message: Outgoing, since: datetime) -> Any:
        """Say what it was told to."""
        if isinstance(self.has, Exception):
            raise self.has
        return self.has


def send(work: Work, channel: FakeChannel, clock: FakeClock) -> int:
    """Send by `channel` what is due, be it SMS or email; return how many messages were taken in hand."""
    return Sender(work, {"sms": channel, "email": channel}, KEYS.people, clock).send_due()


def listed(work: Work, clinic: str | None = "solna", *, with_codes: bool = False, **narrowed: Any) -> list[Any]:
    """Return a clinic's messages as staff see them; with None the whole installation's."""
    fields = {"booking": None, "state": None, "limit": 200, "cursor": None, **narrowed}
    found: list[Any] = messages(a_desk(work, actor=HOUSE if with_codes else STAFF), clinic, fields)["messages"]
    return found


def published(work: Work) -> list[Any]:
    """Return what the house was told, as the bodies of its events in their order."""
    with work.reading() as store:
        return [row.body for row in store.connection.execute(store.outbox.select().order_by(store.outbox.c.position))]
