"""Booking's calls as callers make them, on the Nameko class, without a bus."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.booking.handlers.bookings import erasing, following
from services.booking.handlers.desk import Desk
from services.booking.service import BookingService
from services.booking.store.tables import occupancy, outbox
from shared.actor import PUBLIC, Actor
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event, new_event
from tests.builders.booking.world import CLINIC, MAJA, NOW, PATIENT, STAFF, START, World
from tests.builders.calling import Called

BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
"""A therapist."""

Answer = dict[str, Any]


def patient(**changes: Any) -> dict[str, Any]:
    """Return Maja's details with changes; None leaves a field out."""
    return {name: value for name, value in {**PATIENT, **changes}.items() if value is not None}


class _AtDesk(BookingService):
    """The service with a desk of the world's."""

    def __init__(self, desk: Desk, changes: "FakePulse", patient: "FakeAnchors") -> None:
        self._given = desk
        self.work = desk.work
        self.changes = changes
        self.patient = patient

    def _desk(self) -> Desk:
        return self._given


class FakePulse:
    """Notes at which clinics something was said to have changed."""

    def __init__(self) -> None:
        self.beats: list[set[str]] = []

    def beat(self, clinics: Collection[str]) -> None:
        """Note it."""
        self.beats.append(set(clinics))


class FakeAnchors:
    """Patient, which keeps what it was told of checkpoints."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []

    def in_own_name(self) -> "FakeAnchors":
        """Return itself: who asks makes no difference here."""
        return self

    def history_anchors(self, clinic: str) -> dict[str, Any]:
        """Return what is kept."""
        return {"anchors": self.kept}


def an_event(source: str, type: str, **data: Any) -> Event:
    """Return an event of another service."""
    return new_event(
        source, type, clinic=CLINIC, subject="m" * 32, version=1, data=data, now=NOW,
        actor={"kind": "service", "id": source}, correlation_id="c",
    )  # fmt: skip


class Calls:
    """One clinic's calls, by whoever is named."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.changes = FakePulse()
        self.anchors = FakeAnchors()

    def by(self, actor: Actor = PUBLIC) -> Any:
        """Return booking in the hands of `actor`."""
        return Called(_AtDesk(self.world.desk(actor), self.changes, self.anchors), actor)

    def hold(self, actor: Actor = PUBLIC, **fields: Any) -> Answer:
        """Hold a time; the clinic's first visit where nothing else is said."""
        held: Answer = self.by(actor).hold(CLINIC, **{"type": "visit", "start": START.isoformat(), **fields})
        return held

    def release(self, hold: str) -> None:
        """Give a hold back."""
        self.by().release(hold)

    def book(self, actor: Actor = PUBLIC, key: str | None = None, **fields: Any) -> Answer:
        """Book a time for Maja."""
        sent = {"type": "visit", "start": START.isoformat(), "patient": PATIENT, **fields}
        booked: Answer = self.by(actor).book(CLINIC, **sent, **({} if key is None else {"idempotency_key": key}))
        return booked

    def move(self, token: str, start: datetime, **fields: Any) -> Answer:
        """Move by the link."""
        moved: Answer = self.by().rebook(token=token, start=start.isoformat(), **fields)
        return moved

    def change(self, actor: Actor, reference: str, **fields: Any) -> Answer:
        """Change as staff."""
        changed: Answer = self.by(actor).rebook(clinic=CLINIC, reference=reference, **fields)
        return changed

    def cancel(self, token: str, comment: str | None = None) -> Answer:
        """Cancel by the link."""
        cancelled: Answer = self.by().cancel(token=token, comment=comment)
        return cancelled

    def cancel_as_staff(self, actor: Actor, reference: str, **fields: Any) -> Answer:
        """Cancel as staff."""
        cancelled: Answer = self.by(actor).cancel(clinic=CLINIC, reference=reference, **fields)
        return cancelled

    def undo(self, actor: Actor, reference: str, version: int) -> Answer:
        """Take a change back as staff."""
        undone: Answer = self.by(actor).undo(CLINIC, reference, version=version)
        return undone

    def open(self, token: str) -> Answer:
        """Open a link."""
        opened: Answer = self.by().open_link(token)
        return opened

    def days_for_need(self, actor: Actor, **query: Any) -> Answer:
        """Look for days with a need, on START's unless others are named."""
        sent = {"type": "visit", "from": "2026-12-01", "to": "2026-12-01", **query}
        found: Answer = self.by(actor).days_for_need(CLINIC, **sent)
        return found

    def slots_for_need(self, actor: Actor, **query: Any) -> Answer:
        """Look for times with a need, on START's day unless others are named."""
        sent = {"type": "visit", "from": "2026-12-01", "to": "2026-12-01", **query}
        found: Answer = self.by(actor).slots_for_need(CLINIC, **sent)
        return found

    def my_bookings(self, actor: Actor, **query: Any) -> Answer:
        """List the bookings of a login."""
        listed: Answer = self.by(actor).my_bookings(CLINIC, **query)
        return listed

    def recall(self, actor: Actor = STAFF, **fields: Any) -> Answer:
        """Book a recall for Maja, at START with Anna unless something else is said."""
        sent = {"patient": MAJA, "type": "visit", "practitioner": "anna", "start": START.isoformat(), **fields}
        sent.setdefault("send", ["sms", "email", "card"])
        called: Answer = self.by(actor).recall(CLINIC, **sent)
        return called

    def issue(self, actor: Actor = STAFF, **fields: Any) -> Answer:
        """Send recalls, by SMS unless something else is said."""
        issued: Answer = self.by(actor).issue_recalls(CLINIC, **{"send": ["sms"], **fields})
        return issued

    def cards(self, actor: Actor = STAFF, **query: Any) -> list[Answer]:
        """Return what is printed on cards."""
        return list(self.page_of_cards(actor, **query)["cards"])

    def page_of_cards(self, actor: Actor = STAFF, **query: Any) -> Answer:
        """Return a page of what is printed on cards, and how many pages there are."""
        printed: Answer = self.by(actor).recall_cards(CLINIC, **query)
        return printed

    def open_recall(self, **fields: Any) -> Answer:
        """Open a recall by its code."""
        opened: Answer = self.by().open_recall(**fields)
        return opened

    def mark_no_show(self, reference: str, **fields: Any) -> Answer:
        """Note that the patient did not come."""
        marked: Answer = self.by(STAFF).mark_no_show(CLINIC, reference, **fields)
        return marked

    def arrived(self, reference: str, **fields: Any) -> Answer:
        """Note that the patient is there."""
        marked: Answer = self.by(STAFF).arrived(CLINIC, reference, **fields)
        return marked

    def note(self, reference: str, text: str, **fields: Any) -> Answer:
        """Write the staff's note."""
        noted: Answer = self.by(STAFF).note(CLINIC, reference, text=text, **fields)
        return noted

    def get(self, reference: str, actor: Actor) -> Answer:
        """Look at one booking."""
        shown: Answer = self.by(actor).get(CLINIC, reference)
        return shown

    def find(self, actor: Actor, **query: Any) -> Answer:
        """List bookings."""
        found: Answer = self.by(actor).find(CLINIC, **query)
        return found

    def history(self, actor: Actor, reference: str, **query: Any) -> Answer:
        """List a booking's history."""
        entries: Answer = self.by(actor).history(CLINIC, reference, **query)
        return entries

    def watch_list(self, actor: Actor, **query: Any) -> Answer:
        """List the watch list."""
        listed: Answer = self.by(actor).watch_list(CLINIC, **query)
        return listed

    def hear(self, *events: Event) -> None:
        """Take in events of one type as booking's consumers do what has gathered."""
        desk = self.world.desk(Actor(kind="service", id="booking"))
        inbox, effect = {
            "BookingCancelled": ("watch_cancellation", lambda: following.watch_cancellations(events)),
            "PatientErased": ("forget_patient", lambda: erasing.forget_patients(desk, events)),
            "NeedAdded": (None, lambda: following.keep_needs(events)),
            "NeedClosed": (None, lambda: following.keep_needs(events)),
            "PatientCreated": ("follow_confirmations", lambda: following.link_patients(desk, events)),
            "PatientUpdated": ("follow_confirmations", lambda: following.link_patients(desk, events)),
            "MessageSent": ("note_delivery", lambda: following.note_deliveries(desk, events)),
            "MessageFailed": ("note_delivery", lambda: following.note_deliveries(desk, events)),
        }[events[0].type]
        take_in(self.world.work, effect(), inbox, self.world.now)

    def events(self, *types: str) -> list[Event]:
        """Return what was written into the outbox, of these types where any are named, the oldest first."""
        with self.world.database.reading() as connection:
            bodies = connection.scalars(select(outbox.c.body).order_by(outbox.c.position)).all()
        return [event for event in map(Event.from_json, bodies) if not types or event.type in types]

    def take_over(self, *lines: Answer, actor: Actor = STAFF, dry_run: bool = False) -> list[Answer]:
        """Take appointments of the former system over; Maja's with Anna at START unless something else is said."""
        usual = {"patient": {"id": MAJA}, "type": "visit", "practitioner": "anna", "start": START.isoformat()}
        sent = [{"line": number, **usual, **line} for number, line in enumerate(lines, 1)]
        answers: list[Answer] = self.by(actor).import_bookings(CLINIC, lines=sent, dry_run=dry_run)["lines"]
        return answers

    def occupied(self) -> list[tuple[str, datetime, datetime]]:
        """Return all occupied time."""
        query = select(occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at)
        with self.world.database.reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(occupancy.c.starts_at))]
