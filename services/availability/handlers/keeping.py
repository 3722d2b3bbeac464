"""Searches whose answers are kept, so that the gateway can give them again without asking (DESIGN, "Slot search").

Kept is what the public is answered. What staff see beyond it, where a booking may move to, and what a need opens are
worked out for one asker each.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.searching import Row, Searched, find_days, find_next_slots, find_slots
from services.availability.search.lasting import lasting
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates
from shared.storage.slot_cache import Before, Question, entries_by_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.availability.handlers.desk import Desk

    Find = Callable[[Desk, str, AskedDates, int], Searched]

_DAY = timedelta(days=1)


def days(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{days}`: how much is free on each date."""
    return {"days": _rows(desk, "days", clinic, asked, find_days)}


def slots(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{slots}`: the offered times."""
    return {"slots": _rows(desk, "slots", clinic, asked, find_slots)}


def next_slots(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{next_slots}`: of the offered times those that stand for the others."""
    return {"next_slots": _rows(desk, "next_slots", clinic, asked, find_next_slots)}


def _rows(desk: Desk, kind: str, clinic: str, asked: AskedDates, find: Find) -> list[Row]:
    """Return what `find` finds, kept for those who ask the same.

    Staff are shown more than others, and they alone may ask for a length or for a booking's move: nothing is kept.
    """
    if desk.actor.is_staff:
        return find(desk, clinic, asked, 0).rows
    dates = [asked.first + index * _DAY for index in range((asked.last - asked.first).days + 1)]
    # what counts as yet must be read before the database is
    before = desk.searched.before(clinic, [day.isoformat() for day in dates])
    searched = find(desk, clinic, asked, before.revision if before is not None else 0)
    if before is not None and is_for_everybody(searched.clinic.plan, asked.type):
        question = Question(kind, clinic, asked.type, asked.practitioner, asked.as_new_patient)
        _keep(desk, question, before, dates, searched)
    return searched.rows


def is_for_everybody(plan: ClinicPlan, type_key: str) -> bool:
    """Tell whether all who have no need are answered alike about a type of the clinic's (B9)."""
    kind = plan.types[type_key]
    return bool(kind.without_need) or not kind.controlled


def _keep(desk: Desk, question: Question, before: Before, dates: list[date], searched: Searched) -> None:
    lasts = lasting(searched.clinic.plan, searched.busy, desk.now)

    def seconds(day: str) -> float:
        return (lasts.of(date.fromisoformat(day)) - desk.now).total_seconds()

    entries = entries_by_day(searched.rows, [day.isoformat() for day in dates])
    desk.searched.keep(question, searched.clinic.revision, before, entries, seconds)
