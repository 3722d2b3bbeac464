"""At which times a demo clinic has appointments: such as its own document offers, one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from services.availability.search.offered import Slot, offered
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates

BEFORE, TODAY, AFTER = 4, 7, (5, 3, 2, 1)
"""Appointments of each practitioner: on the last open day before today, today, and on the open days that follow."""

_DAY = timedelta(days=1)
_FAR = 14
"""Days that are looked through for one on which the clinic works."""
_AHEAD = timedelta(days=3)
"""How long before a time it is looked for: within all clinics' notice and horizon."""


@dataclass(frozen=True)
class Appointment:
    """A time of a practitioner's day, with what is done then."""

    practitioner: str
    type: str
    start: datetime
    end: datetime


def appointments(plan: ClinicPlan, work: Mapping[str, Sequence[str]], today: date) -> list[Appointment]:
    """Return the appointments of the days around `today`, by their start."""
    before = _open_days(plan, work, today - _DAY, -_DAY)
    after = _open_days(plan, work, today + _DAY, _DAY)
    wanted = [(found, BEFORE) for found in islice(before, 1)]
    wanted += [(_day(plan, work, today), TODAY)]
    wanted += zip(islice(after, len(AFTER)), AFTER, strict=False)
    found = [each for day, most in wanted for busy in day.values() for each in spread(busy, most)]
    return sorted(found, key=lambda each: (each.start, each.practitioner))


def spread(found: Sequence[Appointment], most: int) -> list[Appointment]:
    """Return `most` of them at most, from all over the day."""
    count = min(most, len(found))
    return [found[place * len(found) // count] for place in range(count)]


def _open_days(
    plan: ClinicPlan, work: Mapping[str, Sequence[str]], first: date, step: timedelta
) -> Iterator[dict[str, list[Appointment]]]:
    for distance in range(_FAR):
        found = _day(plan, work, first + distance * step)
        if any(found.values()):
            yield found


def _day(plan: ClinicPlan, work: Mapping[str, Sequence[str]], on: date) -> dict[str, list[Appointment]]:
    """Return what each practitioner's day holds when it is full."""
    return {key: list(_one_after_the_other(plan, key, types, on)) for key, types in work.items()}


def _one_after_the_other(plan: ClinicPlan, key: str, types: Sequence[str], on: date) -> Iterator[Appointment]:
    known = datetime.combine(on, time(), plan.zone) - _AHEAD
    slots = {
        type: offered(plan, AskedDates(type=type, practitioner=key, first=on, last=on), (), known) for type in types
    }
    free_from, turn = datetime.combine(on, time(), plan.zone), 0
    while any(slots.values()):
        for type in slots:
            slots[type] = [slot for slot in slots[type] if slot.start >= free_from]
        type, slot = _next(slots, types[turn % len(types)])
        if slot is None:
            return
        yield Appointment(key, type, slot.start, slot.end)
        free_from, turn = slot.end + timedelta(minutes=plan.types[type].buffer_after), turn + 1


def _next(slots: Mapping[str, Sequence[Slot]], type: str) -> tuple[str, Slot | None]:
    """Return the next slot of a type; of another one where that has none left."""
    for each in (type, *slots):
        if slots[each]:
            return each, slots[each][0]
    return type, None
