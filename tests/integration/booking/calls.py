"""Booking's calls as callers make them, over the handlers: what the Nameko class does, without a bus."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.booking import schemas
from services.booking.handlers import changing, following, reading
from services.booking.handlers.making import booking, holding, needing
from services.booking.handlers.recalls import cards, recalling
from services.booking.store.tables import occupancy, outbox
from shared.actor import PUBLIC, Actor
from shared.contracts.envelope import Event
from tests.builders.booking.world import CLINIC, MAJA, PATIENT, STAFF, START, World

Answer = dict[str, Any]


def patient(**changes: Any) -> dict[str, Any]:
    """Return Maja's details with changes; None leaves a field out."""
    return {name: value for name, value in {**PATIENT, **changes}.items() if value is not None}


class Calls:
    """One clinic's calls, by whoever is named."""

    def __init__(self, world: World) -> None:
        self.world = world

    def hold(self, actor: Actor = PUBLIC, **fields: Any) -> Answer:
        """Hold a time; the clinic's first visit where nothing else is said."""
        sent = {"type": "visit", "start": START.isoformat(), **fields}
        return holding.hold(self.world.desk(actor), CLINIC, lambda: schemas.hold_request(sent))

    def release(self, hold: str) -> None:
        """Give a hold back."""
        holding.release(self.world.desk(), hold)

    def book(self, actor: Actor = PUBLIC, key: str | None = None, **fields: Any) -> Answer:
        """Book a time for Maja."""
        sent = {"type": "visit", "start": START.isoformat(), "patient": PATIENT, **fields}
        desk = self.world.desk(actor)
        return booking.book(desk, CLINIC, lambda: schemas.booking_request(sent, by_staff=actor.is_staff), sent, key)

    def move(self, token: str, start: datetime, **fields: Any) -> Answer:
        """Move by the link."""
        sent = {"start": start.isoformat(), **fields}
        return changing.rebook_by_link(self.world.desk(), token, lambda: schemas.move_request(sent))

    def change(self, actor: Actor, reference: str, **fields: Any) -> Answer:
        """Change as staff."""
        return changing.rebook_by_staff(
            self.world.desk(actor), CLINIC, reference, lambda: schemas.change_request(fields)
        )

    def cancel(self, token: str, comment: str | None = None) -> Answer:
        """Cancel by the link."""
        sent = {"comment": comment}
        return changing.cancel_by_link(self.world.desk(), token, lambda: schemas.cancel_comment(sent))

    def cancel_as_staff(self, actor: Actor, reference: str) -> Answer:
        """Cancel as staff."""
        return changing.cancel_by_staff(self.world.desk(actor), CLINIC, reference, lambda: None)

    def open(self, token: str) -> Answer:
        """Open a link."""
        return reading.open_link(self.world.desk(), token)

    def days_for_need(self, actor: Actor, **query: Any) -> Answer:
        """Look for days with a need, on START's unless others are named."""
        sent = {"type": "visit", "from": "2026-12-01", "to": "2026-12-01", **query}
        return needing.days_for_need(self.world.desk(actor), CLINIC, lambda: schemas.need_days(sent))

    def slots_for_need(self, actor: Actor, **query: Any) -> Answer:
        """Look for times with a need, on START's day unless others are named."""
        sent = {"type": "visit", "from": "2026-12-01", "to": "2026-12-01", **query}
        return needing.slots_for_need(self.world.desk(actor), CLINIC, lambda: schemas.need_slots(sent))

    def my_bookings(self, actor: Actor, **query: Any) -> Answer:
        """List the bookings of a login."""
        return reading.my_bookings(self.world.desk(actor), CLINIC, lambda: schemas.page(query))

    def recall(self, actor: Actor = STAFF, **fields: Any) -> Answer:
        """Book a recall for Maja, at START with Anna unless something else is said."""
        sent = {"patient": MAJA, "type": "visit", "practitioner": "anna", "start": START.isoformat(), **fields}
        sent.setdefault("send", ["sms", "email", "card"])
        return recalling.recall(self.world.desk(actor), CLINIC, lambda: schemas.recall_request(sent))

    def issue(self, actor: Actor = STAFF, **fields: Any) -> Answer:
        """Send recalls, by SMS unless something else is said."""
        sent = {"send": ["sms"], **fields}
        return recalling.issue_recalls(self.world.desk(actor), CLINIC, lambda: schemas.issue_request(sent))

    def cards(self, actor: Actor = STAFF, **query: Any) -> list[Answer]:
        """Return what is printed on cards."""
        return list(self.page_of_cards(actor, **query)["cards"])

    def page_of_cards(self, actor: Actor = STAFF, **query: Any) -> Answer:
        """Return a page of what is printed on cards, and how many pages there are."""
        return cards.recall_cards(self.world.desk(actor), CLINIC, lambda: schemas.cards_request(query))

    def open_recall(self, **fields: Any) -> Answer:
        """Open a recall by its code."""
        return cards.open_recall(self.world.desk(), lambda: schemas.typed_code(fields))

    def mark_no_show(self, reference: str) -> Answer:
        """Note that the patient did not come."""
        return changing.mark_no_show(self.world.desk(STAFF), CLINIC, reference)

    def get(self, reference: str, actor: Actor) -> Answer:
        """Look at one booking."""
        return reading.get(self.world.desk(actor), CLINIC, reference)

    def find(self, actor: Actor, **query: Any) -> Answer:
        """List bookings."""
        return reading.find(self.world.desk(actor), CLINIC, lambda: schemas.booking_query(query))

    def history(self, actor: Actor, reference: str, **query: Any) -> Answer:
        """List a booking's history."""
        return reading.history(self.world.desk(actor), CLINIC, reference, lambda: schemas.history_page(query))

    def watch_list(self, actor: Actor, **query: Any) -> Answer:
        """List the watch list."""
        return reading.watch_list(self.world.desk(actor), CLINIC, lambda: schemas.page(query))

    def hear(self, event: Event) -> None:
        """Take in an event as booking's consumers do."""
        heard = {
            "BookingCancelled": following.watch_cancellation,
            "NeedAdded": following.keep_need,
            "NeedClosed": following.keep_need,
            "PatientCreated": following.link_patient,
            "PatientUpdated": following.link_patient,
            "MessageSent": following.note_delivery,
            "MessageFailed": following.note_delivery,
        }
        heard[event.type](self.world.desk(Actor(kind="service", id="booking")), event)

    def events(self, *types: str) -> list[Event]:
        """Return what was written into the outbox, of these types where any are named, the oldest first."""
        with self.world.database.reading() as connection:
            bodies = connection.scalars(select(outbox.c.body).order_by(outbox.c.position)).all()
        return [event for event in map(Event.from_json, bodies) if not types or event.type in types]

    def occupied(self) -> list[tuple[str, datetime, datetime]]:
        """Return all occupied time."""
        query = select(occupancy.c.resource, occupancy.c.starts_at, occupancy.c.ends_at)
        with self.world.database.reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(occupancy.c.starts_at))]
