"""Who loses a time is shown the nearest that are free (PRODUCT B11)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.booking.handlers.desk import Desk, present
from services.booking.model.admission.eligibility import new_patients_refused
from services.booking.model.bookings import Booking
from services.booking.model.choosing import Busy, InTheWay, Occupied, OnlyForKnown, assign
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.listings import Slot
from shared.clinic.occupancy import practitioner_key, resource_key
from shared.contracts.errors import HoldExpired, NewPatientsRefused, Refusal, SlotHeld, SlotNotOffered, SlotTaken

MOST = 5
AROUND = ((0, 2), (3, 10))
"""How many days before and after the wanted one are searched; the next pair only where the first gave too few."""
OF_ITS_DAY, OF_ANOTHER = 3, 1
"""How many are of the wanted day, and of each other, where there are enough days: not everybody can at another hour."""
APART = timedelta(minutes=30)
"""How far apart they lie, where there are enough that do: eight starts within the hour would be one choice."""
AT_A_TIME = 40
"""Of so many free times it is looked whether they still are: two days of a practitioner's, of which five are wanted."""
TIME_LIMIT = 2.0
"""Seconds that availability gets: a refusal must not take long for the sake of what is nice to have."""


@dataclass(frozen=True)
class Sought:
    """The time that somebody wanted. `moving` is the booking that moves.

    `as_new_patient` leaves out practitioners who accept no new ones (PRODUCT S13); `minutes` is a length that takes the
    place of the type's; `end` chooses among practitioners who take differently long; `without_need` leaves out those
    who take the type by need alone (PRODUCT B9).
    """

    type: TypeRules
    start: datetime
    practitioner: str | None
    moving: Booking | None = None
    own_booking: str | None = None
    as_new_patient: bool = False
    minutes: int | None = None
    end: datetime | None = None
    without_need: bool = False

    def is_open_to(self, practitioner: str, rules: ClinicRules) -> bool:
        """Tell whether `practitioner` takes whoever wants the time."""
        return not self.as_new_patient or rules.takes_new_patients(practitioner)


@contextmanager
def offering_alternatives(desk: Desk, rules: ClinicRules, sought: Sought) -> Iterator[None]:
    """Let refusals of the time carry the nearest free ones; refusals of other things pass unchanged.

    To be refused as a new patient is one of the time where others, or the same ones at other times, take them.
    """
    try:
        yield
    except Busy as busy:
        kind = SlotHeld if busy.held else SlotTaken
        sentence = "Somebody is booking this time." if busy.held else "This time has just been taken."
        own = {"gives_up_undo": True} if busy.gives_up_undo else {}
        raise kind.because(sentence, alternatives=nearest(desk, rules, sought), **own) from busy
    except (OnlyForKnown, NewPatientsRefused) as refused:
        as_new = replace(sought, as_new_patient=True)
        raise new_patients_refused(rules, alternatives=nearest(desk, rules, as_new)) from refused
    except (SlotNotOffered, HoldExpired) as refused:
        extra = {**refused.extra, "alternatives": nearest(desk, rules, sought)}
        raise type(refused).because(refused.detail, **extra) from refused


def nearest(desk: Desk, rules: ClinicRules, sought: Sought) -> list[Slot]:
    """Return at most five free times around the wanted start, in order of time; [] if availability does not answer.

    They are spread over the day and the next ones.
    """
    found: list[Slot] = []
    possible = sought.type.practitioners if sought.practitioner is None else (sought.practitioner,)
    if not any(sought.is_open_to(key, rules) for key in possible):
        return found
    for days_before, days_after in AROUND:
        try:
            listed = _listed(desk, rules, sought, days_before, days_after)
        except Refusal:
            break
        found, is_enough = _spread(_free(desk, rules, sought, listed), sought.start.astimezone(rules.zone))
        if is_enough:
            break
    return sorted(found, key=lambda slot: datetime.fromisoformat(slot["start"]))


def _free(desk: Desk, rules: ClinicRules, sought: Sought, listed: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Yield what is free of `listed`, the nearest first, and among them those of other days.

    Availability hears of bookings a moment later, so the own occupancy decides, of so many at a time as are looked up.
    """
    by_nearness = _by_nearness(listed, sought.start.astimezone(rules.zone))
    for begin in range(0, len(by_nearness), AT_A_TIME):
        some = by_nearness[begin : begin + AT_A_TIME]
        others = _others(desk, rules, sought, some)
        yield [free for slot in some if (free := _as_it_is_free(slot, sought, rules, others))]


def _as_it_is_free(slot: Slot, sought: Sought, rules: ClinicRules, others: Sequence[Occupied]) -> Slot | None:
    """Return the slot with those who are free for whoever wants it, None where nobody is."""
    free = [key for key in _still_free(slot, sought.type, others) if sought.is_open_to(key, rules)]
    new = [key for key in free if rules.takes_new_patients(key)]
    return {**slot, "practitioners": free, "new_patients": new} if free else None


def _others(desk: Desk, rules: ClinicRules, sought: Sought, slots: Sequence[Slot]) -> list[Occupied]:
    """Return what is taken around the slots, less what the own booking takes."""
    first, last = _span(slots, sought.type)
    with desk.work.reading() as store:
        rows = store.occupied(rules.clinic, _resources(slots, sought.type), first, last)
    return [
        row
        for row in rows
        if not row.has_expired(desk.now) and (sought.own_booking is None or row.booking != sought.own_booking)
    ]


def _by_nearness(slots: Sequence[Slot], wanted: datetime) -> list[Slot]:
    """Return the slots in the order in which they are looked at: of each other day one for three of the wanted one.

    The first of a day are those about the wanted time, of two that are as near the later one.
    """
    by_day: dict[date, list[tuple[timedelta, bool, Slot]]] = {}
    for slot in slots:
        start = datetime.fromisoformat(slot["start"]).astimezone(wanted.tzinfo)
        on_its_day = wanted.replace(year=start.year, month=start.month, day=start.day)
        by_day.setdefault(start.date(), []).append((abs(start - on_its_day), start < on_its_day, slot))
    ranked = []
    for day, its in by_day.items():
        away = abs((day - wanted.date()).days)
        step = 1 if away == 0 else OF_ITS_DAY
        ordered = sorted(its, key=lambda each: each[:2])
        ranked += [(place * step, away, slot) for place, (*_, slot) in enumerate(ordered)]
    return [slot for *_, slot in sorted(ranked, key=lambda each: each[:2])]


def _spread(batches: Iterable[Sequence[Slot]], wanted: datetime) -> tuple[list[Slot], bool]:
    """Return five of the slots, none within half an hour of another, and True.

    Three are of the wanted day and one of each other; where there are too few days, others that lie apart fill up.
    Where there are no five that lie apart, those that do not fill up, and it is False.
    """
    apart: dict[datetime, Slot] = {}
    near: list[Slot] = []
    for slots in batches:
        for slot in slots:
            start = datetime.fromisoformat(slot["start"]).astimezone(wanted.tzinfo)
            if any(abs(start - other) < APART for other in apart):
                near.append(slot)
            else:
                apart[start] = slot
        if len(apart) >= MOST:
            break
    first = _of_several_days(apart, wanted.date())
    others = [start for start in apart if start not in first]
    return [*(apart[start] for start in (*first, *others)), *near][:MOST], len(apart) >= MOST


def _of_several_days(starts: Iterable[datetime], wanted: date) -> list[datetime]:
    """Return those of the starts, in their order, that are as many as are shown of their days."""
    found: list[datetime] = []
    of_day: Counter[date] = Counter()
    for start in starts:
        day = start.date()
        if of_day[day] < (OF_ITS_DAY if day == wanted else OF_ANOTHER):
            of_day[day] += 1
            found.append(start)
    return found


def _listed(desk: Desk, rules: ClinicRules, sought: Sought, days_before: int, days_after: int) -> Sequence[Slot]:
    today = desk.now.astimezone(rules.zone).date()
    wanted = sought.start.astimezone(rules.zone).date()
    query = {
        "type": sought.type.key,
        "from": max(today, wanted - timedelta(days=days_before)).isoformat(),
        "to": max(today, wanted + timedelta(days=days_after)).isoformat(),
        **present(practitioner=sought.practitioner, minutes=sought.minutes),
        **({} if sought.moving is None else {"moving": told_of_move(sought.moving, rules)}),
        **({"without_need": True} if sought.without_need else {}),
    }

    def ask() -> list[Slot]:
        answer = desk.availability.with_timeout(TIME_LIMIT).slots(rules.clinic, **query)
        listed: list[Slot] = answer["slots"]
        return listed

    if sought.moving is not None:  # which nobody else asks
        return ask()
    return desk.listings.of((rules.clinic, rules.revision, *query.items()), desk.now, ask)


def told_of_move(booking: Booking, rules: ClinicRules) -> dict[str, Any]:
    """Return the booking that moves as availability takes it: its own time counts as free (PRODUCT M4)."""
    return {
        "reference": booking.reference,
        "practitioner": booking.kept_practitioner,
        "minutes": booking.minutes,
        "start": booking.starts_at.astimezone(UTC).isoformat(),
        "busy_from": booking.busy_from.astimezone(UTC).isoformat(),
        "busy_to": booking.busy_to.astimezone(UTC).isoformat(),
        "horizon_floor": booking.starts_at.astimezone(rules.zone).date().isoformat(),
    }


def _still_free(slot: Slot, type: TypeRules, rows: Sequence[Occupied]) -> list[str]:
    start, end = _busy(slot, type)
    ways = InTheWay.between(rows, start, end)
    busy = ways.booked | ways.held
    rooms = frozenset(key for use in type.uses for key in use if resource_key(key) in busy)
    if assign(type.uses, rooms) is None:
        return []
    return [key for key in slot["practitioners"] if practitioner_key(key) not in busy]


def _busy(slot: Slot, type: TypeRules) -> tuple[datetime, datetime]:
    start, end = datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"])
    return start - type.buffer_before, end + type.buffer_after


def _span(slots: Sequence[Slot], type: TypeRules) -> tuple[datetime, datetime]:
    busy = [_busy(slot, type) for slot in slots]
    return min(start for start, _ in busy), max(end for _, end in busy)


def _resources(slots: Sequence[Slot], type: TypeRules) -> set[str]:
    practitioners = {practitioner_key(key) for slot in slots for key in slot["practitioners"]}
    return practitioners | {resource_key(key) for use in type.uses for key in use}
