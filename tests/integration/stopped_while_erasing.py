"""A process that erases its part and stops when all is written and nothing committed: its parent kills it there.

Started as `python -m tests.integration.stopped_while_erasing PART ADDRESS TOLD`.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from services.booking.handlers.bookings import erasing as in_bookings
from services.booking.store import BookingStore
from services.notification.handlers.rights import erasing as in_messages
from services.notification.store import NotificationStore
from services.patient.handlers import erasing as in_records
from services.patient.store import PatientStore
from shared.bus.events.effects import take_in
from shared.bus.events.unit_of_work import ServiceStore, UnitOfWork
from shared.contracts.envelope import Event
from shared.storage.database import Database
from tests.builders.booking.world import NOW as IN_BOOKING
from tests.builders.booking.world import STAFF, World
from tests.builders.notification import messages
from tests.builders.patient import desks

WRITTEN = "all is written"
Work = UnitOfWork[Any]


class Stops(ServiceStore):
    """A store that gets no further than to its commit."""

    def write_told(self, claimed_until: datetime | None = None) -> None:
        """Write what is told, say so, and wait for the end."""
        super().write_told(claimed_until)
        self.connection.execute(text("SELECT 1"))  # what nobody has waited for is with the database then
        print(WRITTEN, flush=True)
        sys.stdin.readline()


class _Patients(Stops, PatientStore):
    pass


class _Bookings(Stops, BookingStore):
    pass


class _Messages(Stops, NotificationStore):
    pass


def forget_record(work: Work, told: Mapping[str, Any]) -> None:
    """Erase a record, as staff do; once it is gone there is nothing to be done."""
    in_records.erase(desks.a_desk(work), "solna", told["id"], told["confirm"])


def forget_bookings(work: Work, told: Mapping[str, Any]) -> None:
    """Hear that a record was erased."""
    world = World(work.database)
    world.work = work
    desk = world.desk(STAFF)
    take_in(work, in_bookings.forget_patients(desk, [Event.from_json(dict(told))]), "forget_patient", IN_BOOKING)


def forget_messages(work: Work, told: Mapping[str, Any]) -> None:
    """Hear that bookings were erased."""
    desk = messages.a_desk(work)
    take_in(work, in_messages.forget_patients(desk, [Event.from_json(dict(told))]), "forget_patient", messages.NOW)


def note_messages(work: Work, told: Mapping[str, Any]) -> None:
    """Hear that messages were erased."""
    effect = in_records.note_messages_erased(desks.a_desk(work), [Event.from_json(dict(told))])
    take_in(work, effect, "note_messages_erased", desks.NOW)


PARTS: Mapping[str, tuple[type[ServiceStore], Callable[[Work, Mapping[str, Any]], None]]] = {
    "record": (_Patients, forget_record),
    "bookings": (_Bookings, forget_bookings),
    "messages": (_Messages, forget_messages),
    "noted": (_Patients, note_messages),
}

if __name__ == "__main__":
    part, address, given = sys.argv[1:]
    store, do = PARTS[part]
    do(UnitOfWork(Database(address), store), json.loads(given))
