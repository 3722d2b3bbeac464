"""What reminders cost: while they wait, when a booking plans one, when a thousand are due, when a document changes.

    python -m bench.reminders [--write]

A PostgreSQL of the run's own holds 100,000 planned reminders, each of a booking of its own; a thousand are due at one
moment and are sent by two processes, by the local way out, so that the figure is notification's own. `--write` puts the
figures into bench/RESULTS.md.
"""

import os
import re
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from services.availability.document import check
from services.notification.channels import local_channels
from services.notification.handlers import reminding
from services.notification.handlers.desk import Desk
from services.notification.handlers.due_reminders import DueReminders
from services.notification.handlers.sending import Sender
from services.notification.model.messages import PLANNED, Content, Message
from services.notification.model.reminder_ids import reminder_id
from services.notification.store import NotificationStore, messages
from services.notification.store.tables import appointments
from shared.actor import Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.message_keys import REMINDER
from shared.clinic.telling.reminders import Reminder
from shared.clinic_documents import ClinicDocument
from shared.contracts.envelope import Event, new_event
from shared.desk import Keys
from shared.sealed import Sealer, keyed_hash
from shared.storage.database import Database
from shared.storage.migrations import upgrade
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import tell
from tests.servers.postgres import FreshDatabases
from tests.servers.sources import POSTGRES, new_server

REPORT = Path(__file__).parent / "RESULTS.md"
PLANNED_ROWS, DUE_ROWS, PROCESSES, REPEATS, ANEW = 100_000, 1_000, 2, 200, 5_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = NOW + timedelta(days=30)
DAY = timedelta(days=1)
KEYS = Keys("link key", "lookup key", Sealer("bench:" + "A" * 43 + "="), "https://booking.example")
MOBILE = "+46701740699"
PERSON = {
    "first_name": "Eva", "last_name": "Lind", "mobile": MOBILE, "email": "eva@example.org",
    "sms_ok": True, "email_ok": True, "message": "",
}  # fmt: skip
DATA = {
    "status": "booked", "type": "exam", "practitioner": "anna", "minutes": 30, "language": "sv", "epoch": 0,
    "changeable": True, "sms_reminder": True, "previous": None,
}  # fmt: skip

Work = UnitOfWork[NotificationStore]


class Documents:
    """The document of the one clinic, with the given reminders and nothing else to be told."""

    def __init__(self, *reminders: str, revision: int = 1) -> None:
        written = {
            "clinic": "bench",
            "name": "Bench",
            "time_zone": "Europe/Stockholm",
            "languages": ["sv"],
            "booking": {"active": True},
            "channels": {"booked": [], "moved": [], "cancelled": [], "practitioner": []},
            "practitioners": [{"key": "anna", "name": "Anna Berg"}],
            "types": [{"key": "exam", "name": "Exam", "length": "30m"}],
            "reminders": [{"before": before, "channel": "sms"} for before in reminders],
        }
        checked = check(written)
        assert not checked.problems, checked.problems
        self.kept = ClinicDocument(revision, checked.document)

    def get(self, clinic: str) -> ClinicDocument:
        """Return it."""
        return self.kept


def fill(work: Work) -> None:
    """Plan 100,000 reminders, a thousand of them for one moment and the rest later, ten a minute."""
    content = KEYS.people.seal(Content(MOBILE, "Bench: En påminnelse om din tid. " * 5).to_json())
    recipient = keyed_hash(KEYS.lookup, "sms", MOBILE)
    with work() as store:
        for first in range(0, PLANNED_ROWS, 1000):
            rows = [_planned(number, content, recipient) for number in range(first, first + 1000)]
            store.connection.execute(insert(messages), [asdict(row) for row in rows])
            store.connection.execute(insert(appointments), [_known(row) for row in rows])
    with work.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _planned(number: int, content: str, recipient: str) -> Message:
    reference = f"R{number:09}"
    due_at = DUE if number < DUE_ROWS else DUE + timedelta(hours=1, minutes=number // 10)
    return Message(
        id=uuid.uuid4().hex, clinic="bench", time_zone="Europe/Stockholm", event=REMINDER, channel="sms",
        audience="patient", content=content, state=PLANNED, booking=reference, booking_version=1,
        left_practitioner=None, source_event=reminder_id(reference, due_at + DAY, Reminder("24h", "sms")),
        correlation_id="bench", recipient=recipient, created_at=NOW, due_at=due_at, before="24h",
    )  # fmt: skip


def _known(row: Message) -> dict[str, Any]:
    start = row.due_at + DAY
    facts = KEYS.people.seal({"data": {**DATA, "start": start.isoformat()}, "person": PERSON})
    return {
        "reference": row.booking, "clinic": row.clinic, "version": 1, "start": start, "sms_reminder": True,
        "facts": facts,
    }  # fmt: skip


def send(address: str) -> None:
    """Send what is due, as one process does."""
    work, clock, documents = _work(address), FakeClock(DUE), Documents("24h")
    due = DueReminders(work, documents, KEYS, clock)  # type: ignore[arg-type]
    print("ready", flush=True)
    sys.stdin.read()
    Sender(work, local_channels(), KEYS.people, clock, reminded=due.ready).send_due()


def _work(address: str) -> Work:
    return UnitOfWork(Database(address), NotificationStore)


def milliseconds(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Return the median time that `work` takes."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def while_waiting(work: Work) -> float:
    """Return what one look for due messages costs while none is due, in ms."""
    sender = Sender(work, local_channels(), KEYS.people, FakeClock(NOW))
    return milliseconds(sender.send_due)


def of_a_booking(work: Work, prefix: str, *reminders: str) -> float:
    """Return what taking in a new booking's event costs at a clinic with these reminders, in ms."""
    desk = _desk(work, Documents(*reminders))
    numbers = iter(range(REPEATS))
    return milliseconds(lambda: tell(desk, _booked(f"{prefix}{next(numbers)}")))


def _desk(work: Work, documents: Any) -> Desk:
    return Desk(Actor("service", id="notification"), "bench", NOW, work, documents, KEYS)


def _booked(reference: str) -> Event:
    start = NOW + timedelta(days=60)
    data = {**DATA, "start": start.isoformat(), "person": KEYS.people.seal(PERSON)}
    return _event("BookingCreated", reference, 1, data)


def _event(type: str, subject: str, version: int, data: dict[str, Any]) -> Event:
    return new_event(
        "bench", type, clinic="bench", subject=subject, version=version, data=data, now=NOW,
        actor={"kind": "service", "id": "bench"}, correlation_id="bench",
    )  # fmt: skip


def sending(address: str, work: Work) -> float:
    """Return the seconds in which two processes send the thousand that are due; each must be sent once."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.reminders", "--send", address]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    ready = [process.stdout and process.stdout.readline() for process in processes]
    assert ready == ["ready\n"] * PROCESSES, ready
    begun = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # what they wait for
    for process in processes:
        process.wait()
    took = time.perf_counter() - begun
    with work.reading() as store:
        sent = select(func.count()).where(messages.c.state == "sent", messages.c.attempts == 1)
        assert store.connection.execute(sent).scalar_one() == DUE_ROWS
        assert store.connection.execute(select(func.count()).select_from(store.outbox)).scalar_one() == DUE_ROWS
    return took


def anew(work: Work) -> tuple[float, float]:
    """Return what planning a booking anew costs when the document changes, and the longest transaction, in ms."""
    documents = Documents("48h", revision=2)
    desk = _desk(work, documents)
    event = _event("ClinicChanged", "bench", 2, {"document": documents.kept.document})
    reminding.follow_document(desk, event)
    batches = ANEW // reminding.BATCH
    times = [milliseconds(lambda: reminding.plan_anew(desk, event), repeats=1) for _ in range(batches)]
    return sum(times) / ANEW, max(times)


@contextmanager
def database() -> Iterator[str]:
    """Yield the address of notification's database on a PostgreSQL of the run's own."""
    server = new_server(POSTGRES)
    try:
        address = FreshDatabases(server.address).new()
        upgrade("notification", address)
        yield address
    finally:
        server.close()


def measure() -> list[tuple[str, str]]:
    """Return what was measured, as facts and figures."""
    with database() as address:
        work = _work(address)
        empty = while_waiting(work)
        fill(work)
        figures = [
            ("a look for due messages, none planned, ms", f"{empty:.2f}"),
            (f"a look for due messages, {PLANNED_ROWS:,} planned, ms", f"{while_waiting(work):.2f}"),
            ("taking in a booking without reminders, ms", f"{of_a_booking(work, 'A'):.2f}"),
            ("taking in a booking with one reminder, ms", f"{of_a_booking(work, 'B', '24h'):.2f}"),
            ("taking in a booking with three reminders, ms", f"{of_a_booking(work, 'C', '24h', '48h', '72h'):.2f}"),
        ]
        took = sending(address, work)
        each, longest = anew(work)
        return [
            *figures,
            (f"sending {DUE_ROWS:,} due by {PROCESSES} processes, each once, s", f"{took:.1f}"),
            ("planning anew when the document changes, ms per booking", f"{each:.2f}"),
            (f"the longest transaction of it ({reminding.BATCH} bookings), ms", f"{longest:.0f}"),
        ]


def main() -> None:
    """Measure, print, and write where it is asked for."""
    figures = measure()
    lines = [f"| {what} | {figure} |" for what, figure in figures]
    print("\n".join(lines))
    if "--write" in sys.argv:
        said = f"{datetime.now(UTC):%Y-%m-%d}, `python -m bench.reminders --write`, load {os.getloadavg()[0]:.1f}."
        part = "\n".join(["<!-- reminders -->", said, "", "| what | figure |", "| --- | ---: |", *lines])
        report = REPORT.read_text(encoding="utf-8")
        whole = re.compile(r"<!-- reminders -->.*?(?=\n<!-- /reminders -->)", re.DOTALL)
        REPORT.write_text(whole.sub(lambda _: part, report), encoding="utf-8")


if __name__ == "__main__":
    if "--send" in sys.argv:
        send(sys.argv[-1])
    else:
        main()
