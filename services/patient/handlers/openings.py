"""Who opens a record is written down before it is shown, and read by the clinic's administrators."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from services.patient.handlers.desk import Desk
from services.patient.handlers.views import View
from services.patient.model.openings import KEPT, Opening, What
from services.patient.store import PatientStore
from shared.incoming.paging import page


def note(desk: Desk, store: PatientStore, clinic: str, patient: str, what: What) -> None:
    """Write that whoever acts opens a record; the other services, which show it to nobody themselves, do not."""
    actor = desk.actor
    if actor.kind != "service":
        store.note_opening(Opening(clinic, patient, desk.now, actor.kind, actor.id, what))


def access_log(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> View:
    """Return `{access_log, next}`: a page of who has opened whose record, or one patient's, the latest first."""
    zone = ZoneInfo(desk.document(clinic)["time_zone"])
    limit = asked["limit"]
    with desk.work.reading() as store:
        found = store.openings(clinic, asked["patient"], asked["cursor"], limit + 1)

    def shown(opening: Opening) -> View:
        return {
            "at": opening.at.astimezone(zone).isoformat(timespec="seconds"),
            "actor": {"kind": opening.actor_kind, "id": opening.actor_id},
            "patient": opening.patient,
            "what": opening.what,
        }

    return page("access_log", found, limit, show=shown, cursor=lambda opening: str(opening.position))


def forget_openings(desk: Desk) -> None:
    """Drop what is older than it is kept."""
    with desk.work() as store:
        store.forget_openings(desk.now - KEPT)
