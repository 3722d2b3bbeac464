"""Needs of a few people of two clinics, by the calls and events that make, use and list them."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.patient.handlers.following import note_uses
from services.patient.handlers.needs import add_need, needs, own_needs
from services.patient.schemas import NeedSchema, NeedsSchema, OwnNeedsSchema
from shared.actor import Actor
from shared.bus.events.effects import take_in
from shared.clinic.times.weeks import week_of
from shared.contracts.envelope import Event
from shared.incoming.fields import checked
from shared.incoming.unread import Unread
from tests.builders.patient.bookings import records
from tests.builders.patient.desks import KEYS, NOW, STAFF, Work, a_desk

EVA, ASA = "+46701740699", "+46701740605"
OF_ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
OF_NOBODY = replace(OF_ANNA, practitioner=None)
TODAY = NOW.date()
THIS_WEEK = week_of(TODAY)


def id_of(work: Work, first_name: str, clinic: str = "solna") -> str:
    return next(str(row.id) for row in records(work) if (row.first_name, row.clinic) == (first_name, clinic))


def give(work: Work, actor: Actor = STAFF, clinic: str = "solna", **fields: Any) -> dict[str, Any]:
    wish = {"patient": id_of(work, "Eva", clinic), "type": "exam", "week": THIS_WEEK, **fields}
    return add_need(a_desk(work, actor), clinic, checked(NeedSchema(), wish))


def listed(work: Work, actor: Actor = STAFF, *, now: datetime = NOW, clinic: str = "solna", **query: Any) -> Any:
    return needs(a_desk(work, actor, now=now), clinic, checked(NeedsSchema(), query))


def shown(work: Work, id: str, **changes: Any) -> dict[str, Any]:
    """Return a need as the list of all shows it."""
    return next(need for need in listed(work, **changes)["needs"] if need["id"] == id)


def ids(answer: Any) -> list[str]:
    return [need["id"] for need in answer["needs"]]


def logged_in(mobile: str, identity: Any = None, clinic: str = "solna") -> Actor:
    return Actor(kind="patient", clinic=clinic, login=KEYS.people.seal({"mobile": mobile, "identity": identity}))


def own(work: Work, actor: Actor, clinic: str = "solna", **changes: Any) -> list[str]:
    query = changes.pop("query", {})
    unread = Unread(query, lambda sent: checked(OwnNeedsSchema(), sent))
    return ids(own_needs(a_desk(work, actor, **changes), clinic, unread))


def told(reference: str, need: str | None, version: int = 1, status: str = "booked", day: int = 1) -> Event:
    """Return what booking tells of a booking that was made on a day of December."""
    created_at = datetime(2026, 12, day, 9, 0, tzinfo=UTC).isoformat()
    return Event(
        id=uuid.uuid4().hex,
        type="BookingCancelled" if status == "cancelled" else "BookingCreated",
        source="booking",
        time=created_at,
        clinic="solna",
        subject=reference,
        subject_version=version,
        actor={"kind": "patient", "id": None},
        correlation_id="c0ffee",
        data={"reference": reference, "need": need, "status": status, "created_at": created_at},
    )


def hear(work: Work, *events: Event) -> None:
    for event in events:
        take_in(work, note_uses([event]), None, NOW)
