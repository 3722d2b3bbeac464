"""Which clinics there are, what they offer, and when (PRODUCT S)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from services.availability.handlers.pictures import pictures_told
from services.availability.model.booking_page_links import booking_page_links, whole_page_link
from services.availability.model.current import Clinic
from services.availability.model.occupancy import Busy
from services.availability.model.profile import profile as profile_of
from services.availability.search.at_desk import FreeTime, free_times
from services.availability.search.offered import DayLevel, Slot, day_levels, offered, offered_by_hours
from shared.actor import Actor
from shared.clinic.document import item
from shared.clinic.occupancy import practitioner_key, resource_key
from shared.clinic.plan.values import AppointmentType, ClinicPlan
from shared.clinic.starts.asked import Asked, AskedDates, AskedStart
from shared.clinic.starts.legality import check
from shared.clinic.times.wall_clock import midnight
from shared.contracts.errors import Forbidden, Invalid, LoginRequired
from shared.contracts.pictures import pictures_of

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

Query = Mapping[str, Any]
Row = dict[str, Any]
Rows = Callable[[ClinicPlan, AskedDates, Iterable[Busy], datetime], list[Row]]

AskedT = TypeVar("AskedT", bound=Asked)

_DAY = timedelta(days=1)


class Searched(NamedTuple):
    """What a search found, as it is answered, and from what: the clinic as it was, and what was taken."""

    clinic: Clinic
    busy: list[Busy]
    rows: list[Row]


def clinics(desk: Desk) -> dict[str, Any]:
    """Return all clinics of the installation, by short name; `active` says whether their booking is."""
    with desk.work.reading() as store:
        return {"clinics": [{"clinic": key, "name": name, "active": on} for key, name, on in store.clinics()]}


def profile(desk: Desk, clinic: str, query: Query) -> dict[str, Any]:
    """Return what a booking page needs; raise NotFound, or Invalid for a template that does not exist."""
    found = desk.clinic(clinic)
    template = query["template"]
    if template is not None and item(found.document, "templates", template) is None:
        raise Invalid.because("There is no such week template.", errors={"template": ["There is no such template."]})
    own = pictures_of({"pictures": pictures_told(desk, clinic)})
    addresses = {name: f"{desk.keys.public_url}{each.path(clinic)}" for name, each in own.items()}
    return profile_of(found.document, found.plan, template, query["language"], addresses)


def links(desk: Desk, clinic: str) -> dict[str, Any]:
    """Return `{page, links}` to put on the clinic's own site, the page with nothing chosen (B15); raise NotFound."""
    found, url = desk.clinic(clinic), desk.keys.public_url
    links = booking_page_links(found.document, found.plan, url)
    return {"page": whole_page_link(found.document, url), "links": links}


def find_days(desk: Desk, clinic: str, asked: AskedDates, announced: int = 0) -> Searched:
    """Tell how much is free on each date (S15), nothing while booking is off or not open (B1, S10)."""
    return _find(desk, clinic, asked, announced, day_rows)


def find_slots(desk: Desk, clinic: str, asked: AskedDates, announced: int = 0) -> Searched:
    """List the offered times of dates from–to; of a booking to be moved, those to which it may move (M4)."""
    return _find(desk, clinic, asked, announced, slot_rows)


def find_next_slots(desk: Desk, clinic: str, asked: AskedDates, announced: int = 0) -> Searched:
    """List of the offered times those that stand for the others, an hour apart (B20)."""
    return _find(desk, clinic, asked, announced, next_slot_rows)


def _find(desk: Desk, clinic: str, asked: AskedDates, announced: int, rows: Rows) -> Searched:
    """Return what is found by the clinic as it is now; of one that is known as it was `announced`, that is not asked.

    Of a newer revision nobody has been told before it is announced.
    """
    _require_right_to_ask(asked, desk.actor)
    with desk.work.reading() as store:
        found = desk.documents.at(clinic, announced) or desk.documents.get(store, clinic)
        asked = as_shown_to(desk.actor, found.plan, asked)
        busy = busy_times(store, clinic, found.plan, [asked], desk.now)
    return Searched(found, busy, rows(found.plan, asked, busy, desk.now))


def day_rows(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[Row]:
    """Return the answer about days, of what is `asked` as it is shown to somebody."""
    if not plan.booking.opening.is_open(now):
        return []
    return [_day(day) for day in day_levels(plan, asked, busy, now)]


def slot_rows(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[Row]:
    """Return the answer about slots, of what is `asked` as it is shown to somebody."""
    return [_slot(slot) for slot in offered(plan, asked, busy, now)]


def next_slot_rows(plan: ClinicPlan, asked: AskedDates, busy: Iterable[Busy], now: datetime) -> list[Row]:
    """Return the answer about the next slots, of what is `asked` as it is shown to somebody."""
    return [_slot(slot) for slot in offered_by_hours(plan, asked, busy, now)]


def free_slots(desk: Desk, clinic: str, asked: AskedDates, moving: str | None) -> dict[str, Any]:
    """Return `{slots}`: the times of dates from–to that staff may give (S2, C7), to a therapist their own.

    What the booking `moving` takes counts as free. Raises NotFound, Invalid, or Forbidden for another's calendar.
    """
    asked = require_own_calendar(desk, asked)
    with desk.work.reading() as store:
        plan = desk.documents.get(store, clinic).plan
        require_there_is(plan, asked, desk.actor)
        busy = busy_times(store, clinic, plan, [asked], desk.now, moved=moving)
    return {"slots": [free_time_told(each) for each in free_times(plan, asked, busy, desk.now)]}


def require_own_calendar(desk: Desk, asked: AskedT) -> AskedT:
    """Return what is asked, of a therapist with themselves; refuse the calendars of others (C1)."""
    own = desk.actor.own_calendar
    if own is None:
        return asked
    if not own or asked.practitioner not in {None, own}:
        raise Forbidden.because("Therapists see and change their own calendar only.")
    return replace(asked, practitioner=own)


def check_slot(desk: Desk, clinic: str, asked: AskedStart) -> dict[str, Any]:
    """Return who may take one time by the rules; raise SlotNotOffered where nobody may.

    Occupancy is not looked at: the database that holds the bookings decides about it. Moments are UTC.
    """
    if (asked.staff or asked.outside_plan or asked.minutes) and not desk.actor.is_staff:
        raise Forbidden.because("Only staff override the rules of the clinic.")
    _require_right_to_ask(asked, desk.actor)
    found = desk.clinic(clinic)
    require_there_is(found.plan, asked, desk.actor)
    candidates = [candidate.to_json() for candidate in check(found.plan, asked, desk.now)]
    first = {name: candidates[0][name] for name in ("start", "end")}
    return {"revision": found.revision, "type": asked.type, **first, "candidates": candidates}


def require_there_is(plan: ClinicPlan, asked: Asked, actor: Actor) -> None:
    """Refuse a type or practitioner that does not exist; patients know only those that are online (S12, S13)."""
    errors: dict[str, list[str]] = {}
    kind, key = plan.types.get(asked.type), asked.practitioner
    if kind is None or not (kind.online or actor.is_staff):
        errors["type"] = ["There is no such type."]
    practitioner = None if key is None else plan.practitioners.get(key)
    if key is not None and (practitioner is None or not (practitioner.online or actor.is_staff)):
        errors["practitioner"] = ["There is no such practitioner."]
    elif key is not None and kind and not actor.is_staff and key not in kind.online_practitioners:
        errors["practitioner"] = ["This practitioner does not offer this type of appointment."]
    if errors:
        raise Invalid.because("There is no such choice.", errors=errors)


def as_shown_to(actor: Actor, plan: ClinicPlan, asked: AskedDates) -> AskedDates:
    """Return what is asked as it is for the public: of a type controlled by needs who takes it without one (B9).

    Refuses what there is not, and to show other times to who has not logged in. While the clinic takes no new bookings
    there is nothing to log in for: nothing is found (B1).
    """
    require_there_is(plan, asked, actor)
    kind = plan.types[asked.type]
    if actor.is_staff or not kind.controlled or not plan.booking.new:
        return asked
    if asked.practitioner not in (None, *kind.without_need) or not kind.without_need:
        raise LoginRequired.because("Log in with a code to your mobile first, or use the link of your recall.")
    return replace(asked, without_need=True)


def _require_right_to_ask(asked: Asked, actor: Actor) -> None:
    """Refuse a length that only a need or staff may ask for, and moves, which booking asks for on behalf of others."""
    if asked.minutes and not actor.is_staff:
        raise Forbidden.because("Only services and staff may ask for another length than the type's.")
    if asked.moving and not actor.is_staff:
        raise Forbidden.because("Only services and staff may ask where a booking may move to.")


def busy_times(
    store: AvailabilityStore,
    clinic: str,
    plan: ClinicPlan,
    asked: Sequence[AskedDates],
    now: datetime,
    *,
    moved: str | None = None,
) -> list[Busy]:
    """Return what is taken of all that the asked types may need, from today on at the earliest; one SQL statement.

    What the booking `moved` takes, or the one whose move is asked for, is left out. No appointment runs past midnight,
    so only its buffers reach beyond the asked dates.
    """
    first = max(min(each.first for each in asked), now.astimezone(plan.zone).date())
    last = max(each.last for each in asked)
    if last < first:
        return []
    kinds = [plan.types[each.type] for each in asked]
    start = midnight(first, plan.zone) - timedelta(minutes=max(kind.buffer_before for kind in kinds))
    end = midnight(last + _DAY, plan.zone) + timedelta(minutes=max(kind.buffer_after for kind in kinds))
    keys = set[str]().union(*map(_occupied_keys, kinds, asked))
    moved = moved or next((each.moving.reference for each in asked if each.moving), None)
    return store.busy(clinic, keys, start, end, now, moved)


def _occupied_keys(kind: AppointmentType, asked: Asked) -> set[str]:
    named = asked.moving.practitioner if asked.moving else asked.practitioner
    people = kind.practitioners if named is None else (named,)
    return {*map(practitioner_key, people), *(resource_key(key) for use in kind.uses for key in use)}


def _day(day: DayLevel) -> Row:
    """Return a day as it is answered: a holiday by its name at the clinic and, for whoever reads, by language."""
    row = {"date": day.date.isoformat(), "level": day.level, "free": day.free, "holiday": day.holiday}
    return {**row, "holidays": dict(day.holiday_names)} if day.holiday_names else row


def _slot(slot: Slot) -> Row:
    return {
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "practitioners": list(slot.practitioners),
        "new_patients": list(slot.new_patients),
    }


def free_time_told(time: FreeTime) -> Row:
    """Return a time that staff may give as it is answered."""
    return {
        "start": time.start.isoformat(),
        "end": time.end.isoformat(),
        "practitioners": list(time.practitioners),
        "outside_online": list(time.outside_online),
    }
