"""A clinic of availability's and the questions that may be asked of it."""

from datetime import datetime, timedelta
from typing import Any

from services.availability import schemas
from services.availability.handlers import desk as handlers
from services.availability.handlers import next_free, searching, taking
from services.availability.model.current import CurrentClinics, StoredClinic
from shared.actor import PUBLIC, Actor
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from tests.builders.availability.fakes import NOW, FakeSearched, FakeWork, a_desk
from tests.builders.clinics.documents import a_block, a_document

SERVICE = Actor(kind="service", id="availability")
TUESDAY = {"type": "visit", "from": "2026-12-01", "to": "2026-12-01"}
TEN_TO_ELEVEN = a_block("10:00", "11:00")
MOVING = {
    "reference": "REF",
    "practitioner": "anna",
    "minutes": 30,
    "start": "2026-12-01T09:00:00+00:00",
    "busy_from": "2026-12-01T09:00:00+00:00",
    "busy_to": "2026-12-01T09:30:00+00:00",
    "horizon_floor": "2026-12-01",
}


class Desk:
    """The clinic solna, and the questions that may be asked of it."""

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        self.work = FakeWork()
        self.known = CurrentClinics()
        self.searched = FakeSearched(self.work)
        self.work.store.rows["solna"] = StoredClinic(7, document or a_document(TEN_TO_ELEVEN))

    def at(self, actor: Actor = PUBLIC, now: datetime = NOW) -> handlers.Desk:
        """Return the surroundings of a call by `actor`."""
        return a_desk(self.work, actor, now, documents=self.known, searched=self.searched)

    def days(self, clinic: str = "solna", actor: Actor = PUBLIC, now: datetime = NOW, **query: Any) -> Any:
        asked = schemas.asked_days(TUESDAY | query)
        return searching.find_days(self.at(actor, now), clinic, asked).rows

    def slots(self, actor: Actor = PUBLIC, now: datetime = NOW, **query: Any) -> list[dict[str, Any]]:
        asked = schemas.asked_slots(TUESDAY | query)
        return searching.find_slots(self.at(actor, now), "solna", asked).rows

    def free(self, actor: Actor, **query: Any) -> list[dict[str, Any]]:
        asked = schemas.asked_free_slots(TUESDAY | query)
        found: list[dict[str, Any]] = searching.free_slots(self.at(actor), "solna", *asked)["slots"]
        return found

    def next_free(self, actor: Actor, **query: Any) -> list[dict[str, Any]]:
        asked = schemas.asked_next({"type": "visit", "from": "2026-12-01"} | query)
        found: list[dict[str, Any]] = next_free.next_free(self.at(actor), "solna", asked)["slots"]
        return found

    def starts(self, **query: Any) -> list[str]:
        return [slot["start"][11:16] for slot in self.slots(**query)]

    def check(self, actor: Actor = PUBLIC, **query: Any) -> dict[str, Any]:
        asked = schemas.asked_start({"type": "visit", "start": "2026-12-01T10:00:00+01:00"} | query)
        return searching.check_slot(self.at(actor), "solna", asked)

    def hear(self, type: str, subject: str, version: int = 1, **data: Any) -> None:
        state = {
            "practitioner": "anna",
            "resources": [],
            "status": "booked",
            "hold": None,
            "busy_from": "2026-12-01T09:00:00+00:00",
            "busy_to": "2026-12-01T09:30:00+00:00",
            "expires_at": (NOW + timedelta(minutes=10)).isoformat(),
        }
        event = Event("id", type, "booking", NOW.isoformat(), "solna", subject, version, {}, "c", state | data)
        act = {"SlotHeld": taking.hold_time, "SlotReleased": taking.free_hold}.get(type, taking.take_time)
        take_in(self.work, act(self.at(SERVICE), [event]), None, NOW)
