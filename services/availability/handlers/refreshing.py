"""Searched days that are different now are worked out anew where people ask for them, not thrown away (ADR 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from services.availability.handlers.keeping import is_for_everybody
from services.availability.handlers.searching import Rows, as_shown_to, busy_times, day_rows, next_slot_rows, slot_rows
from services.availability.search.lasting import lasting
from shared.actor import PUBLIC
from shared.clinic.starts.asked import AskedDates
from shared.contracts.errors import Refusal
from shared.storage.slot_cache import Asked, Entry, Question, entries_by_day

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.model.current import Clinic
    from services.availability.model.occupancy import Busy

MOST_RENEWED = 64
"""How many answers one refresh works out; what more there is of them is asked for anew by those who want it."""

_ROWS: Mapping[str, Rows] = {"days": day_rows, "slots": slot_rows, "next_slots": next_slot_rows}


def refresh(desk: Desk, clinic: str, known: Clinic, days: Iterable[date]) -> None:
    """Let searches show these dates as the database holds them now; once what has changed them is committed.

    What was asked for of late is worked out anew by `known`, all else no longer counts. Raises what the database
    raises, and then nothing counts any more.
    """
    asked = desk.searched.drop_unasked(clinic, [day.isoformat() for day in sorted(days)])
    entries: dict[str, list[Entry]] = {}
    if not asked:
        return
    try:
        entries = _worked_out(desk, clinic, known, asked)
    finally:
        desk.searched.renew(clinic, known.revision, asked, entries)


def _worked_out(desk: Desk, clinic: str, known: Clinic, asked: Mapping[str, Asked]) -> dict[str, list[Entry]]:
    """Return the answers of the dates, the busy times of each read by one statement."""
    wanted: dict[str, list[tuple[Question, AskedDates]]] = {}
    left = MOST_RENEWED
    for day, (_, questions) in asked.items():
        wanted[day] = list(_shown(known, date.fromisoformat(day), questions[:left]))
        left -= len(wanted[day])
    with desk.work.reading() as store:
        busy = {
            day: busy_times(store, clinic, known.plan, [dates for _, dates in its], desk.now)
            for day, its in wanted.items()
            if its
        }
    return {day: list(_answers(desk, known, day, wanted[day], taken)) for day, taken in busy.items()}


def _shown(known: Clinic, day: date, questions: Iterable[Question]) -> Iterator[tuple[Question, AskedDates]]:
    """Yield the questions that can still be asked, with what the public is shown of them on the date."""
    for question in questions:
        _, _, type_key, practitioner, as_new = question
        asked = AskedDates(type=type_key, practitioner=practitioner, as_new_patient=as_new, first=day, last=day)
        try:
            dates = as_shown_to(PUBLIC, known.plan, asked)
        except Refusal:
            continue  # the clinic has no such type or practitioner any more
        if is_for_everybody(known.plan, type_key):
            yield question, dates


def _answers(
    desk: Desk, known: Clinic, day: str, wanted: Iterable[tuple[Question, AskedDates]], busy: list[Busy]
) -> Iterator[Entry]:
    until = lasting(known.plan, busy, desk.now).of(date.fromisoformat(day))
    for question, dates in wanted:
        rows = _ROWS[question.kind](known.plan, dates, busy, desk.now)
        yield Entry(question, entries_by_day(rows, [day])[day], (until - desk.now).total_seconds())
