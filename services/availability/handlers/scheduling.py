"""The plan of the staff's calendar (PRODUCT C6): a therapist's own, everybody's for the others (C1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.availability.handlers.absences import seen
from services.availability.model.schedule import schedule as schedule_of
from shared.contracts.errors import Forbidden, Invalid

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk


def schedule(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{revision, days}`: what is planned on the dates `first` to `last`, both included, and who is away.

    Raises NotFound; Forbidden for another's calendar; Invalid for a practitioner whom there is not. One SQL statement.
    """
    found = desk.clinic(clinic)
    wanted = _wanted(desk, asked["practitioner"])
    practitioners = [key for key in found.plan.practitioners if wanted in {None, key}]
    if not practitioners and wanted == asked["practitioner"]:
        there_is_none = "There is no such practitioner."
        raise Invalid.because(there_is_none, errors={"practitioner": [there_is_none]})
    absences = seen(desk, found.document["absences"])
    days = schedule_of(found.document, found.plan, asked["first"], asked["last"], practitioners, absences)
    return {"revision": found.revision, "days": days}


def _wanted(desk: Desk, practitioner: str | None) -> str | None:
    """Return whose calendar is meant: a therapist's own ("" where they have none), else the one asked for."""
    own = desk.actor.own_calendar
    if own is None:
        return practitioner
    if practitioner not in {None, own}:
        raise Forbidden.because("Therapists see and change their own calendar only.")
    return own
