"""What booking tells of a booking, taken in by patient, and what then is there."""

import uuid
from collections.abc import Iterable
from typing import Any

from services.patient.handlers.following import create_or_fill
from shared.bus.events.effects import take_in as hear
from shared.contracts.envelope import Event
from tests.builders.patient.desks import BOOKING, KEYS, NOW, Work, a_desk

NUMBER = {"scheme": "se.personnummer", "number": "198112289874"}


def a_booking(clinic: str = "solna", origin: str = "web", **person: Any) -> Event:
    """Return BookingCreated of somebody with a number, with changes to the person."""
    typed = {
        "identity": NUMBER,
        "birth_date": "1981-12-28",
        "first_name": "Eva",
        "last_name": "Lind",
        "mobile": "+46701740699",
        "email": "eva@example.org",
        "sms_ok": True,
        "email_ok": True,
        "message": "secret message",
        "answers": {},
        "patient": None,
        **person,
    }
    return Event(
        id=uuid.uuid4().hex,
        type="BookingCreated",
        source="booking",
        time=NOW.isoformat(),
        clinic=clinic,
        subject=uuid.uuid4().hex[:10].upper(),
        subject_version=1,
        actor={"kind": "patient", "id": None},
        correlation_id="c0ffee",
        data={"origin": origin, "person": KEYS.people.seal(typed)},
    )


def take_in(work: Work, events: Iterable[Event]) -> None:
    for event in events:
        hear(work, create_or_fill(a_desk(work, BOOKING), [event]), "create_or_fill", NOW)


def records(work: Work) -> list[Any]:
    with work.reading() as store:
        return list(store.connection.exec_driver_sql("SELECT * FROM patients ORDER BY created_at"))


def published(work: Work) -> list[dict[str, Any]]:
    with work.reading() as store:
        return [row.body for row in store.connection.execute(store.outbox.select().order_by(store.outbox.c.position))]
