"""Searches whose answers are kept, so that the gateway can give them again without asking (DESIGN, "Slot search").

Kept is what the public is answered. What staff see beyond it, where a booking may move to, and types that are
controlled by needs are worked out for one asker each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.searching import Searched, find_days, find_slots
from services.availability.model.current import CurrentClinics
from services.availability.search.lasting import lasting
from shared.actor import Actor
from shared.clinic.starts.asked import AskedDates
from shared.slot_cache import Before, Question, SlotCache, entries_by_day

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]

_DAY = timedelta(days=1)


def days(
    cache: SlotCache, work: Work, known: CurrentClinics, actor: Actor, clinic: str, asked: AskedDates, now: datetime
) -> dict[str, Any]:
    """Return `{days}`: how much is free on each date."""

    def find() -> Searched:
        return find_days(work, known, actor, clinic, asked, now)

    return {"days": find().rows if actor.is_staff else _kept(cache, _question("days", clinic, asked), asked, find, now)}


def slots(
    cache: SlotCache, work: Work, known: CurrentClinics, actor: Actor, clinic: str, asked: AskedDates, now: datetime
) -> dict[str, Any]:
    """Return `{slots}`: the offered times."""

    def find() -> Searched:
        return find_slots(work, known, actor, clinic, asked, now)

    if actor.is_staff or asked.moving:
        return {"slots": find().rows}
    return {"slots": _kept(cache, _question("slots", clinic, asked), asked, find, now)}


def _question(kind: str, clinic: str, asked: AskedDates) -> Question:
    return Question(kind, clinic, asked.type, asked.practitioner)


def _kept(
    cache: SlotCache, question: Question, asked: AskedDates, find: Callable[[], Searched], now: datetime
) -> list[dict[str, Any]]:
    """Return what `find` finds, kept for those who ask the same."""
    dates = [asked.first + index * _DAY for index in range((asked.last - asked.first).days + 1)]
    before = cache.before(question.clinic, [day.isoformat() for day in dates])  # must be read before the database is
    searched = find()
    if before is not None and not searched.clinic.plan.types[asked.type].controlled:
        _keep(cache, question, before, dates, searched, now)
    return searched.rows


def _keep(
    cache: SlotCache, question: Question, before: Before, dates: list[date], searched: Searched, now: datetime
) -> None:
    lasts = lasting(searched.clinic.plan, searched.busy, now)

    def seconds(day: str) -> float:
        return (lasts.of(date.fromisoformat(day)) - now).total_seconds()

    entries = entries_by_day(searched.rows, [day.isoformat() for day in dates])
    cache.keep(question, searched.clinic.revision, before, entries, seconds)
