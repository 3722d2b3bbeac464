"""Who opens a record is written down before it is shown, and read by the clinic's administrators."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers.desk import Desk
from services.patient.handlers.views import View
from services.patient.model.openings import Opening, Sought, What
from services.patient.store import PatientStore
from shared.clinic.times.wall_clock import midnight
from shared.incoming.paging import page


def note(desk: Desk, store: PatientStore, clinic: str, patient: str, what: What) -> None:
    """Write that whoever acts opens a record; the other services, which show it to nobody themselves, do not."""
    actor = desk.actor
    if actor.kind != "service":
        store.note_opening(Opening(clinic, patient, desk.now, actor.kind, actor.id, what))


def note_erased(desk: Desk, store: PatientStore, clinic: str, patient: str) -> None:
    """Write that a record went by itself, since it is older than the clinic keeps it (ADR 58)."""
    store.note_opening(Opening(clinic, patient, desk.now, desk.actor.kind, desk.actor.id, "erased"))


def note_opening(desk: Desk, clinic: str, told: Mapping[str, Any]) -> None:
    """Write that somebody is about to see a booking, which shows its patient's data."""
    by = told["by"]
    with desk.work() as store:
        store.note_opening(Opening(clinic, told["patient"], desk.now, by["kind"], by["id"], "booking", told["booking"]))


def access_log(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> View:
    """Return `{access_log, next}`: a page of who has opened whose data, the latest first.

    Of one patient, by one account or tool, of the clinic's dates `from` to `to`, as far as they are said.
    """
    zone = ZoneInfo(desk.document(clinic)["time_zone"])
    limit = asked["limit"]
    with desk.work.reading() as store:
        found = store.openings(clinic, _sought(asked, zone), asked["cursor"], limit + 1)

    def shown(opening: Opening) -> View:
        return {
            "at": opening.at.astimezone(zone).isoformat(timespec="seconds"),
            "actor": {"kind": opening.actor_kind, "id": opening.actor_id},
            "patient": opening.patient,
            "what": opening.what,
            "booking": opening.booking,
        }

    return page("access_log", found, limit, show=shown, cursor=lambda opening: str(opening.position))


def _sought(asked: Mapping[str, Any], zone: ZoneInfo) -> Sought:
    first, last = asked["first"], asked["last"]
    return Sought(asked["patient"], asked["actor"], _midnight(first, zone), _midnight(last, zone, days_later=1))


def _midnight(day: date | None, zone: ZoneInfo, days_later: int = 0) -> datetime | None:
    return None if day is None else midnight(day + timedelta(days=days_later), zone)
