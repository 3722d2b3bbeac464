"""What patients would be offered by a document that is not in force, beside what they are offered now (PRODUCT C3).

Searched is as for patients, with what is taken now; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from services.availability.document import with_absence_ids
from services.availability.handlers.searching import Row, as_shown_to, busy_times, slot_rows
from services.availability.handlers.set_up import absences_of, checked_for, collisions_of
from services.availability.model.asked_preview import AskedPreview
from services.availability.model.current import can_be_clinic, no_such_clinic
from services.availability.model.occupancy import Busy
from shared.actor import PUBLIC
from shared.clinic.document import Document, item
from shared.clinic.opening import Opening
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates
from shared.contracts.errors import Invalid, LoginRequired

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

MOST_CALENDARS, MOST_FOUND = 3_000, 60_000
"""Of so many types with each of their practitioners it is looked what is free, and until so many times are found; of
one type at least. A clinic of 50 people and 30 types is looked through whole."""
MOST_LISTED = 10_000
"""So many times are listed, those of one type at least; of further types it is told how many there are."""

_DAY = timedelta(days=1)
_ALWAYS = Opening(None, None)


class _SetUp(NamedTuple):
    """A document in normal form and its plan."""

    document: dict[str, Any]
    plan: ClinicPlan

    def is_on(self, now: datetime) -> bool:
        """Tell whether patients can book at all."""
        return self.plan.booking.new and self.plan.booking.opening.is_open(now)

    def switched_on(self) -> _SetUp:
        """Return it as if they could."""
        booking = replace(self.plan.booking, new=True, opening=_ALWAYS)
        return _SetUp(self.document, replace(self.plan, booking=booking))

    def types(self, asked: AskedPreview) -> list[str]:
        """Return the types that patients can book, with the practitioner who is asked for."""
        wanted = asked.practitioner
        found = self.plan.types.values()
        return [kind.key for kind in found if kind.online and wanted in (None, *kind.online_practitioners)]

    def calendars(self, key: str) -> int:
        """Return with how many practitioners a type is booked."""
        return len(self.plan.types[key].online_practitioners) if key in self.plan.types else 0


class _Offer(NamedTuple):
    """The times of a type by a document, and, where that is asked, by the one in force."""

    names: Document
    needs: bool
    """Whether only patients with a need are offered it (PRODUCT B9)."""
    slots: list[Row]
    present: list[Row] | None

    @property
    def changes(self) -> bool | None:
        """Whether patients are offered it otherwise; None where that is not asked."""
        return None if self.present is None else self.slots != self.present

    @property
    def size(self) -> int:
        """How many times there are to list."""
        return len(self.slots) + len(self.present or ())

    def told(self, *, listed: bool) -> Row:
        """Return the offer as it is answered, its times where they are listed."""
        return {
            "type": self.names["key"],
            "name": self.names["name"],
            "alias": self.names["alias"],
            "needs": self.needs,
            "free": len(self.slots),
            "present_free": None if self.present is None else len(self.present),
            "changes": self.changes,
            "slots": self.slots if listed else None,
            "present": self.present if listed else None,
        }


def preview_document(desk: Desk, clinic: str, source: object, asked: AskedPreview) -> dict[str, Any]:
    """Return which times patients would see by a document, or what is wrong with it; without one, by that in force.

    `{errors, on, present_on, as_if_on, types, unsearched, practitioners, holidays}`, and where asked the bookings that
    would lie outside, as `check_document` tells of them. Of each type that patients can book `{type, name, alias,
    needs, free, present_free, changes, slots, present}`; `unsearched` are the keys of those that were not looked at.
    Three SQL statements. Raises Invalid for a type or practitioner that neither document has, NotFound where there is
    no document at all.
    """
    checked = None if source is None else checked_for(clinic, source)
    if checked and checked.problems:
        return _wrong([problem.to_json() for problem in checked.problems], asked)
    with desk.work.reading() as store:
        found = desk.documents.find(store, clinic) if can_be_clinic(clinic) else None
        present = _SetUp(found.document, found.plan) if found else None
        changed = present
        if checked:
            document = with_absence_ids(checked.document, absences_of(found.document if found else None), make_id=None)
            changed = _SetUp(document, clinic_plan(document))
        if changed is None:
            raise no_such_clinic()
        both = [changed, present] if asked.present and present else [changed]
        asked = _with_known(asked, [changed, present] if present else [changed])
        on = [each.is_on(desk.now) for each in both]
        as_if_on = asked.as_if_on and not any(on)
        if as_if_on:
            both = [each.switched_on() for each in both]
        busy = [_busy(store, clinic, each, asked, desk.now) for each in both]
    offers, unsearched = _offers(both, busy, asked, desk.now)
    told = {
        "errors": [],
        "on": on[0],
        "present_on": on[1] if len(on) > 1 else None,
        "as_if_on": as_if_on,
        "types": _told(offers, asked),
        "unsearched": unsearched,
        "practitioners": _practitioners(both),
        "holidays": list(_holidays(changed.plan, asked)),
    }
    return {**told, **collisions_of(desk, present and present.document, changed.document)} if asked.bookings else told


def _wrong(errors: list[Row], asked: AskedPreview) -> dict[str, Any]:
    bookings = {"collisions": [], "collision_count": 0, "absences_unchecked": 0} if asked.bookings else {}
    nothing: dict[str, Any] = {"types": [], "unsearched": [], "practitioners": [], "holidays": []}
    return {"errors": errors, "on": None, "present_on": None, "as_if_on": False, **nothing, **bookings}


def _with_known(asked: AskedPreview, known: Sequence[_SetUp]) -> AskedPreview:
    """Return what is asked without what no document has, where that counts as not named; else refuse it."""

    def there_is(section: str, key: str | None) -> bool:
        return key is None or any(item(each.document, section, key) for each in known)

    has_type, has_practitioner = there_is("types", asked.type), there_is("practitioners", asked.practitioner)
    if asked.one:
        kept = asked.type if has_type else None, asked.practitioner if has_practitioner else None
        return replace(asked, type=kept[0], practitioner=kept[1])
    errors = {} if has_type else {"type": ["There is no such type."]}
    errors |= {} if has_practitioner else {"practitioner": ["There is no such practitioner."]}
    if errors:
        raise Invalid.because("There is no such choice.", errors=errors)
    return asked


def _offers(
    both: Sequence[_SetUp], busy: Sequence[list[Busy]], asked: AskedPreview, now: datetime
) -> tuple[list[_Offer], list[str]]:
    """Return what is offered of the types, in the documents' order, and the types that were too many to look at."""
    keys = list(dict.fromkeys(key for each in both for key in each.types(asked)))
    if asked.type is not None and not asked.one:
        keys = [key for key in keys if key == asked.type]
    found: dict[str, _Offer] = {}
    calendars, times = 0, 0
    for key in sorted(keys, key=lambda key: key != asked.type):
        calendars += sum(each.calendars(key) if asked.practitioner is None else 1 for each in both)
        if found and (calendars > MOST_CALENDARS or times > MOST_FOUND):
            break
        found[key] = _offer(key, both, busy, asked, now)
        times += found[key].size
    return [found[key] for key in keys if key in found], [key for key in keys if key not in found]


def _busy(store: AvailabilityStore, clinic: str, set_up: _SetUp, asked: AskedPreview, now: datetime) -> list[Busy]:
    """Return what is taken of all that the types may need; one SQL statement."""
    wanted = [_dates(key, asked) for key in set_up.types(asked)]
    return busy_times(store, clinic, set_up.plan, wanted, now) if wanted else []


def _dates(key: str, asked: AskedPreview) -> AskedDates:
    return AskedDates(type=key, practitioner=asked.practitioner, first=asked.first, last=asked.last)


def _offer(key: str, both: Sequence[_SetUp], busy: Sequence[list[Busy]], asked: AskedPreview, now: datetime) -> _Offer:
    named = next(found for each in both if (found := item(each.document, "types", key)) is not None)
    slots, needs = _searched(key, both[0], busy[0], asked, now)
    if len(both) == 1:
        return _Offer(named, needs, slots, None)
    present, needed = _searched(key, both[1], busy[1], asked, now)
    return _Offer(named, needs or needed, slots, present)


def _searched(key: str, set_up: _SetUp, busy: list[Busy], asked: AskedPreview, now: datetime) -> tuple[list[Row], bool]:
    """Return what patients are offered of a type, and whether one must have a need for it."""
    if key not in set_up.types(asked):
        return [], False
    dates = _dates(key, asked)
    try:
        shown, needs = as_shown_to(PUBLIC, set_up.plan, dates), False
    except LoginRequired:
        shown, needs = dates, True
    return slot_rows(set_up.plan, shown, busy, now), needs


def _told(offers: Sequence[_Offer], asked: AskedPreview) -> list[Row]:
    """Return the offers with their times, as far as these are listed."""
    if asked.one:
        ranked = sorted(offers, key=lambda each: (each.names["key"] != asked.type, not each.changes))
        return [each.told(listed=each is ranked[0]) for each in offers]
    rows: list[Row] = []
    left = MOST_LISTED
    for each in offers:
        left -= each.size
        rows.append(each.told(listed=left >= 0 or not rows))
    return rows


def _practitioners(both: Sequence[_SetUp]) -> list[Row]:
    """Return key and name of those with whom patients can book."""
    names: dict[str, str] = {}
    for row in (row for each in both for row in each.document["practitioners"] if row["online"]):
        names.setdefault(row["key"], row["name"])
    return [{"key": key, "name": name} for key, name in names.items()]


def _holidays(plan: ClinicPlan, asked: AskedPreview) -> Iterator[Mapping[str, Any]]:
    """Yield the dates with the names of their holidays, as patients are shown them (S9)."""
    for index in range((asked.last - asked.first).days + 1):
        day = asked.first + index * _DAY
        if name := plan.holidays.shown_name(day):
            yield {"date": day.isoformat(), "holiday": name, "holidays": dict(plan.holidays.shown_names(day))}
