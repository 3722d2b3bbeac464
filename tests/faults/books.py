"""What the databases of an installation hold of one clinic, and what everything that follows a booking makes of it.

Read beside the services that write it. Each service's part is compared with what booking says, which alone decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pika
from sqlalchemy import Row, text

from cli.serve import house
from shared.bus.events.topology import subscriptions_of
from shared.clinic.occupancy import occupied_keys
from shared.sealed import Sealer
from shared.settings import SERVICES
from tests.faults.ledger import BOOKED, Faults, Kept, Place, State
from tests.faults.load import subject_of
from tests.system.databases import open_database

_TOLD = {"BookingCreated": ("booked", ("email", "sms")), "BookingMoved": ("moved", ("sms",)),
         "BookingCancelled": ("cancelled", ("sms",))}  # fmt: skip
"""What the patient of the load's clinic is told of each event, and how."""

_REMINDED_AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class Books:
    """The rows of one clinic in all databases, by the name of their table."""

    bookings: list[Row[Any]]
    history: list[Row[Any]]
    occupancy: list[Row[Any]]
    projected: list[Row[Any]]
    patients: list[Row[Any]]
    messages: list[Row[Any]]
    absences: list[Mapping[str, Any]]
    subjects: Mapping[str, int]
    """Whose each booking is, by its reference."""

    def kept(self) -> list[Kept]:
        """Return the bookings with their states."""
        states = defaultdict(list)
        for entry in self.history:
            if entry.type.startswith("Booking"):
                states[entry.booking].append(_after(states[entry.booking], entry))
        return [
            Kept(
                row.reference,
                self.subjects[row.reference],
                State(row.version, row.status, Place(row.practitioner, row.starts_at)),
                tuple(states[row.reference]),
            )
            for row in self.bookings
        ]

    def effects(self) -> Faults:
        """Return what does not follow from the bookings as it must: `missing`, `repeated`, and `stale` projections."""
        faults: Faults = defaultdict(list)
        for what, sentence in (*self._times(), *self._people(), *self._told(), *self._reminded()):
            faults[what].append(sentence)
        return dict(faults)

    def _times(self) -> Iterable[tuple[str, str]]:
        """Yield where occupancy, booking's own or availability's, is not what the bookings occupy."""
        wanted = {
            (row.reference, key, row.busy_from, row.busy_to)
            for row in self.bookings
            if row.status == BOOKED
            for key in occupied_keys(row.practitioner, row.resources)
        }
        for whose, rows in (("booking", self.occupancy), ("availability", self.projected)):
            there = {(row.booking, row.resource, row.starts_at, row.ends_at) for row in rows}
            yield from (("missing", f"{whose} does not occupy {each}") for each in sorted(wanted - there))
            yield from (("stale", f"{whose} occupies {each}") for each in sorted(there - wanted))

    def _people(self) -> Iterable[tuple[str, str]]:
        records = defaultdict(list)
        for row in self.patients:
            records[row.email].append(row.id)
        for row in self.bookings:
            own = records[f"person{self.subjects[row.reference]}@patients.example"]
            if len(own) > 1:
                yield "repeated", f"{row.reference} has the patients {own}"
            elif [row.patient_id] != own:
                yield "missing", f"{row.reference} has the patient {row.patient_id}, recorded are {own}"

    def _told(self) -> Iterable[tuple[str, str]]:
        told = Counter(
            (row.booking, row.booking_version, row.event, row.channel)
            for row in self.messages
            if row.event != "reminder"
        )
        wanted = {
            (entry.booking, entry.version, _TOLD[entry.type][0], channel)
            for entry in self.history
            if entry.type in _TOLD and set(entry.changes) & {"status", "start", "practitioner"}
            for channel in _TOLD[entry.type][1]
        }
        yield from (("missing", f"nobody was told {each}") for each in sorted(wanted - set(told)))
        yield from (("unasked", f"somebody was told {each}") for each in sorted(set(told) - wanted))
        yield from (("repeated", f"told {number} times: {each}") for each, number in told.items() if number > 1)
        newest = {row.reference: row.version for row in self.bookings}
        for row in self.messages:
            if row.event != "reminder" and row.state in {"planned", "failed"} and row.booking in newest:
                yield "missing", f"{row.event} of {row.booking} by {row.channel} is {row.state}"

    def _reminded(self) -> Iterable[tuple[str, str]]:
        planned = defaultdict(list)
        for row in self.messages:
            if row.event == "reminder" and row.state != "withdrawn":
                planned[row.booking].append(row)
        for row in self.bookings:
            found = planned[row.reference]
            wanted = 1 if row.status == BOOKED else 0
            if len(found) < wanted:
                yield "missing", f"{row.reference} has no reminder"
            elif len(found) > wanted:
                yield "repeated" if wanted else "stale", f"{row.reference} has {len(found)} reminders"
            elif found and found[0].booking_version != row.version and not _in_time(found[0].due_at, row.starts_at):
                yield "stale", f"the reminder of {row.reference} is due at {found[0].due_at}"


def read_books(environment: Mapping[str, str], clinic: str) -> Books:
    """Return the books of one clinic. Each database is read in one transaction, one after the other."""
    people = Sealer(environment["EVENT_KEYS"])
    booking = _rows(
        environment, "booking", clinic,
        bookings="SELECT * FROM bookings WHERE clinic = :clinic ORDER BY reference",
        history="SELECT * FROM history WHERE clinic = :clinic ORDER BY booking, position",
        occupancy="SELECT booking, resource, starts_at, ends_at FROM occupancy"
        " WHERE clinic = :clinic AND booking IS NOT NULL",
    )  # fmt: skip
    availability = _rows(
        environment, "availability", clinic,
        projected="SELECT reference AS booking, resource, starts_at, ends_at FROM occupancy"
        " WHERE clinic = :clinic AND owner = 'booking'",
        absences="SELECT document -> 'absences' AS absences FROM clinics WHERE clinic = :clinic",
    )  # fmt: skip
    patients = _rows(environment, "patient", clinic, patients="SELECT id, email FROM patients WHERE clinic = :clinic")
    messages = _rows(
        environment, "notification", clinic,
        messages="SELECT booking, booking_version, event, channel, state, due_at FROM messages"
        " WHERE clinic = :clinic AND audience = 'patient'",
    )  # fmt: skip
    return Books(
        bookings=booking["bookings"],
        history=booking["history"],
        occupancy=booking["occupancy"],
        projected=availability["projected"],
        patients=patients["patients"],
        messages=messages["messages"],
        absences=[each for row in availability["absences"] for each in row.absences],
        subjects={row.reference: subject_of(people.open(row.person)["email"]) for row in booking["bookings"]},
    )


def unpublished(environment: Mapping[str, str]) -> int:
    """Return how many events wait in the outboxes of all services."""
    waiting = 0
    for service in SERVICES:
        with open_database(environment[f"{service.upper()}_DATABASE_URL"]) as connection:
            waiting += connection.execute(text("SELECT count(*) FROM outbox WHERE published_at IS NULL")).scalar_one()
    return waiting


@dataclass(frozen=True)
class Queues:
    """How many messages lie in the broker's queues and are in nobody's hands."""

    work: int
    retry: int
    dead: int


def plain_address(amqp_uri: str) -> str:
    """Return kombu's address of a broker as pika reads it, which takes `//` for a virtual host of its own."""
    _, _, place = amqp_uri.partition("://")
    return f"amqp://{place.removesuffix('//')}/%2F" if place.endswith("//") else f"amqp://{place}"


def queues(amqp_uri: str) -> Queues:
    """Return what waits in the queues of all consumers."""
    subscriptions = subscriptions_of(house())
    connection = pika.BlockingConnection(pika.URLParameters(plain_address(amqp_uri)))
    try:
        channel = connection.channel()

        def waiting(names: Iterable[str]) -> int:
            return sum(channel.queue_declare(name, passive=True).method.message_count for name in sorted(set(names)))

        return Queues(
            waiting(each.queue_name for each in subscriptions),
            waiting(queue.name for each in subscriptions for queue in each.retry_queues()),
            waiting(each.dead_queue_name for each in subscriptions),
        )
    finally:
        connection.close()


def _rows(environment: Mapping[str, str], service: str, clinic: str, **queries: str) -> dict[str, list[Row[Any]]]:
    with open_database(environment[f"{service.upper()}_DATABASE_URL"]) as connection:
        return {name: list(connection.execute(text(query), {"clinic": clinic})) for name, query in queries.items()}


def _after(before: list[State], entry: Row[Any]) -> State:
    """Return the state after an entry, of which it says only what is another than before."""
    last = before[-1] if before else State(0, "", Place("", datetime.max.replace(tzinfo=UTC)))
    said = {name: pair[1] for name, pair in entry.changes.items()}
    start = datetime.fromisoformat(said["start"]) if "start" in said else last.place.start
    place = Place(said.get("practitioner", last.place.practitioner), start)
    return State(entry.version, said.get("status", last.status), place)


def _in_time(due_at: datetime, starts_at: datetime) -> bool:
    """Tell whether a reminder of 24 hours before is due then, or earlier where that is in the night."""
    return starts_at - _REMINDED_AHEAD - timedelta(hours=12) <= due_at <= starts_at - _REMINDED_AHEAD
