"""Searches whose answers are kept, so that the gateway can give them again without asking (DESIGN, "Slot search").

Kept is what the public is answered. What staff see beyond it, where a booking may move to, and types that are
controlled by needs are worked out for one asker each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.searching import Query, Searched, find_days, find_slots
from services.availability.model.current import CurrentClinics
from services.availability.search.lasting import lasting
from shared.actor import Actor
from shared.slot_cache import Before, Question, SlotCache, entries_by_day

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]

Find = Callable[["Work", CurrentClinics, Actor, str, Query, datetime], Searched]

_DAY = timedelta(days=1)


def days(
    cache: SlotCache, work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime
) -> dict[str, Any]:
    """Return `{days}`: how much is free on each date."""
    return {"days": _found("days", find_days, cache, work, known, actor, clinic, query, now)}


def slots(
    cache: SlotCache, work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime
) -> dict[str, Any]:
    """Return `{slots}`: the offered times."""
    return {"slots": _found("slots", find_slots, cache, work, known, actor, clinic, query, now)}


def _found(
    kind: str,
    find: Find,
    cache: SlotCache,
    work: Work,
    known: CurrentClinics,
    actor: Actor,
    clinic: str,
    query: Query,
    now: datetime,
) -> list[dict[str, Any]]:
    if actor.is_staff or query.get("moving"):
        return find(work, known, actor, clinic, query, now).rows
    dates = [query["first"] + index * _DAY for index in range((query["last"] - query["first"]).days + 1)]
    before = cache.before(clinic, [day.isoformat() for day in dates])  # must be read before the database is
    searched = find(work, known, actor, clinic, query, now)
    if before is not None and not searched.clinic.plan.types[query["type"]].controlled:
        question = Question(kind, clinic, query["type"], query["practitioner"])
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
