"""Searches whose answers are kept, so that the gateway can give them again without asking (DESIGN, "Slot search").

Kept is what the public is answered. What staff see beyond it, where a booking may move to, and what a need opens are
worked out for one asker each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.searching import Row, Searched, find_days, find_next_slots, find_slots
from services.availability.search.lasting import lasting
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates
from shared.storage.slot_cache import Before, Question, entries_by_day

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk

_DAY = timedelta(days=1)


def days(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{days}`: how much is free on each date."""

    def find(announced: int = 0) -> Searched:
        return find_days(desk, clinic, asked, announced)

    return {"days": find().rows if desk.actor.is_staff else _kept(desk, _question("days", clinic, asked), asked, find)}


def slots(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{slots}`: the offered times."""

    def find(announced: int = 0) -> Searched:
        return find_slots(desk, clinic, asked, announced)

    if desk.actor.is_staff or asked.moving:
        return {"slots": find().rows}
    return {"slots": _kept(desk, _question("slots", clinic, asked), asked, find)}


def next_slots(desk: Desk, clinic: str, asked: AskedDates) -> dict[str, Any]:
    """Return `{next_slots}`: of the offered times those that stand for the others."""

    def find(announced: int = 0) -> Searched:
        return find_next_slots(desk, clinic, asked, announced)

    if desk.actor.is_staff or asked.moving:
        return {"next_slots": find().rows}
    return {"next_slots": _kept(desk, _question("next_slots", clinic, asked), asked, find)}


def _question(kind: str, clinic: str, asked: AskedDates) -> Question:
    return Question(kind, clinic, asked.type, asked.practitioner, asked.as_new_patient)


def _kept(desk: Desk, question: Question, asked: AskedDates, find: Callable[[int], Searched]) -> list[Row]:
    """Return what `find` finds, kept for those who ask the same."""
    dates = [asked.first + index * _DAY for index in range((asked.last - asked.first).days + 1)]
    # what counts as yet must be read before the database is
    before = desk.searched.before(question.clinic, [day.isoformat() for day in dates])
    searched = find(before.revision if before is not None else 0)
    if before is not None and is_for_everybody(searched.clinic.plan, asked.type):
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
