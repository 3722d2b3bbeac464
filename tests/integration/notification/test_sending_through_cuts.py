"""A database that goes away for a moment delays messages by that moment, and sends none of them twice (PRODUCT N6)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import text

from services.notification.channels import CannotTell, Outgoing
from services.notification.handlers.sending import Sender
from services.notification.model.delivery import LEASE, WITH_PROVIDER
from services.notification.store import NotificationStore, metadata
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clock import SystemClock
from shared.contracts.errors import Unavailable
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, published, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event
from tests.contract.bus.house import eventually
from tests.integration.migrated import emptied

ONLY_SMS = FakeDocuments(solna=a_document(channels={"booked": ["sms"], "practitioner": []}))
CLAIM, HAND_OVER, NOTE = 1, 2, 3
"""The transactions of one message, in their order."""


class CutWork(UnitOfWork[NotificationStore]):
    """Loses the database in some of its transactions: before the commit, or after it, which nobody is told."""

    def __init__(self, work: Work, *cut: int, committed: bool = False) -> None:
        super().__init__(work.database, NotificationStore, lambda *_: None)
        self.cut = cut
        self.committed = committed
        self.opened = 0

    @contextmanager
    def __call__(self) -> Iterator[NotificationStore]:
        """Open one writing transaction."""
        self.opened += 1
        is_cut = self.opened in self.cut
        with super().__call__() as store:
            yield store
            if is_cut and not self.committed:
                raise Unavailable.because("The service's database does not answer.")
        if is_cut:
            raise Unavailable.because("The service's database does not answer.")


def write(work: Work, **changes: Any) -> None:
    tell(a_desk(work, ONLY_SMS), an_event(**changes))


def a_sender(
    work: Work, channel: Any, clock: FakeClock | None = None, pause: Callable[[], bool] = lambda: True
) -> Sender:
    """Return the sender of a process that goes on, or ends where `pause` says so."""
    return Sender(work, {"sms": channel}, KEYS.people, clock or FakeClock(NOW), pause=pause)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    "cut", [(CLAIM,), (HAND_OVER,), (NOTE,), (CLAIM, 2, 3), (HAND_OVER, 3, 4), (NOTE, 4, 5)], ids=str
)
def test_n6_a_message_is_sent_once_and_at_once_wherever_the_database_is_cut(
    work: Work, cut: tuple[int, ...], committed: bool
) -> None:
    """No time goes by: nothing waits for the end of a lease."""
    write(work)
    channel = FakeChannel(has=AssertionError("nobody who died had it in hand"))
    sender = a_sender(CutWork(work, *cut, committed=committed), channel)
    sender.send_due()
    sender.send_due()
    assert [each["state"] for each in listed(work)] == ["sent"]
    assert len(channel.attempts) == 1
    assert [event["type"] for event in published(work)] == ["MessageSent"]
    with work.reading() as store:
        assert store.connection.execute(text("SELECT attempts FROM messages")).scalar() == 1


def test_n6_what_a_process_could_not_note_before_its_end_another_asks_the_provider_about(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    write(work)
    channel, clock = FakeChannel(has=["id-1"]), FakeClock(NOW)
    a_sender(CutWork(work, NOTE, 4), channel, clock, pause=lambda: False).send_due()
    assert "what became of it is not noted" in caplog.text
    assert [each["state"] for each in listed(work)] == ["planned"]
    clock.moment += LEASE + WITH_PROVIDER
    a_sender(work, channel, clock).send_due()
    assert [each["state"] for each in listed(work)] == ["sent"]
    assert len(channel.attempts) == 1


def test_n6_what_is_noted_after_another_has_taken_the_message_up_still_counts(work: Work) -> None:
    """The database was away for longer than the lease, and the provider cannot be asked."""
    write(work)
    channel, clock = FakeChannel(has=CannotTell()), FakeClock(NOW)

    def taken_up_meanwhile() -> bool:
        clock.moment += LEASE + WITH_PROVIDER
        a_sender(work, channel, clock).send_due()
        return True

    a_sender(CutWork(work, NOTE), channel, clock, pause=taken_up_meanwhile).send_due()
    clock.moment += timedelta(days=2)
    a_sender(work, channel, clock).send_due()
    assert [each["state"] for each in listed(work)] == ["sent"]
    assert len(channel.attempts) == 1
    assert [event["type"] for event in published(work)] == ["MessageSent"]


MESSAGES, SENDERS, CUTS = 60, 4, 6


class CuttingChannel(FakeChannel):
    """A way out in whose hands the database ends all connections, six times."""

    def __init__(self, database: Database) -> None:
        super().__init__(has=AssertionError("nobody who died had it in hand"))
        self._database = database
        self._cutting = Lock()

    def send(self, message: Outgoing) -> str | None:
        """Take the message."""
        with self._cutting:  # one sender at a time: who cuts must not be cut off by another
            given = super().send(message)
            if len(self.attempts) % (MESSAGES // CUTS) == 0:
                self._cut()
        return given

    def _cut(self) -> None:
        with self._database.engine.connect() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            connection.execute(text(f"{ended} AND pid <> pg_backend_pid()"))


def test_n6_all_connections_cut_six_times_under_sending_leave_no_message_behind_and_none_twice(
    migrated: Callable[[str, str], str],
) -> None:
    address = migrated("notification", "postgresql")
    database, other = Database(address), Database(address)
    work = UnitOfWork(emptied(database, metadata), NotificationStore)
    for number in range(MESSAGES):
        write(work, reference=f"REF{number}")
    channel = CuttingChannel(other)
    sender = Sender(work, {"sms": channel}, KEYS.people, SystemClock(), pause=lambda: True)

    def all_sent() -> bool:
        with suppress(Unavailable):
            sender.send_due()
        with suppress(Unavailable):
            return [each["state"] for each in listed(work)] == ["sent"] * MESSAGES
        return False

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda _: eventually(all_sent), range(SENDERS)))
    assert len(channel.attempts) == len({message.id for message in channel.attempts}) == MESSAGES
    assert len(published(work)) == MESSAGES
    for opened in (database, other):
        opened.close()
