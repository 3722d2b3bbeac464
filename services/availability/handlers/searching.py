"""Which clinics there are, what they offer, and when (PRODUCT S)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from services.availability.model.current import Clinic, CurrentClinics
from services.availability.model.links import links as links_of
from services.availability.model.profile import profile as profile_of
from services.availability.search.offered import Busy, Moving, Slot, day_levels, offered
from shared.actor import Actor
from shared.clinic.document import item
from shared.clinic.occupancy import practitioner_key, resource_key
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.legality import check
from shared.clinic.wall_clock import midnight
from shared.contracts.errors import Forbidden, Invalid, LoginRequired

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]

Query = Mapping[str, Any]

_DAY = timedelta(days=1)


class Searched(NamedTuple):
    """What a search found, as it is answered, and from what: the clinic as it was, and what was taken."""

    clinic: Clinic
    busy: list[Busy]
    rows: list[dict[str, Any]]


def clinics(work: Work) -> dict[str, Any]:
    """Return all clinics of the installation, by short name; `active` says whether their booking is."""
    with work.reading() as store:
        return {"clinics": [{"clinic": key, "name": name, "active": on} for key, name, on in store.clinics()]}


def profile(work: Work, known: CurrentClinics, clinic: str, query: Query) -> dict[str, Any]:
    """Return what a booking page needs; raise NotFound, or Invalid for a template that does not exist."""
    with work.reading() as store:
        found = known.get(store, clinic)
    template = query["template"]
    if template is not None and item(found.document, "templates", template) is None:
        raise Invalid.because("There is no such week template.", errors={"template": ["There is no such template."]})
    return profile_of(found.document, found.plan, template, query["language"])


def links(work: Work, known: CurrentClinics, clinic: str, public_url: str) -> dict[str, Any]:
    """Return `{links}` to put on the clinic's own site (B15); raise NotFound."""
    with work.reading() as store:
        found = known.get(store, clinic)
    return {"links": links_of(found.document, found.plan, public_url)}


def find_days(work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime) -> Searched:
    """Tell how much is free on each date (S15), nothing while booking is off or not open (B1, S10)."""
    _require_right_to_length(query, actor)
    with work.reading() as store:
        found = known.get(store, clinic)
        _check_choice(found.plan, query, actor)
        _require_known_patient(found.plan, query, actor)
        if not found.plan.booking.opening.is_open(now):
            return Searched(found, [], [])
        busy = _busy(store, clinic, found, query, now)
    levels = day_levels(found.plan, *_asked(query), busy, now, query["minutes"])
    rows = [
        {"date": day.date.isoformat(), "level": day.level, "free": day.free, "holiday": day.holiday} for day in levels
    ]
    return Searched(found, busy, rows)


def find_slots(work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime) -> Searched:
    """List the offered times of dates from–to; with `moving`, those to which that booking may move (M4)."""
    _require_right_to_length(query, actor)
    moving = _moving(query, actor)
    with work.reading() as store:
        found = known.get(store, clinic)
        _check_choice(found.plan, query, actor)
        _require_known_patient(found.plan, query, actor)
        busy = _busy(store, clinic, found, query, now, moving)
    times = offered(found.plan, *_asked(query), busy, now, moving, query["minutes"])
    return Searched(found, busy, [_slot(slot) for slot in times])


def days(work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime) -> dict[str, Any]:
    """Return `{days}` as `find_days` tells them."""
    return {"days": find_days(work, known, actor, clinic, query, now).rows}


def slots(work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime) -> dict[str, Any]:
    """Return `{slots}` as `find_slots` lists them."""
    return {"slots": find_slots(work, known, actor, clinic, query, now).rows}


def check_slot(
    work: Work, known: CurrentClinics, actor: Actor, clinic: str, query: Query, now: datetime
) -> dict[str, Any]:
    """Return who may take one time by the rules; raise SlotNotOffered where nobody may.

    Occupancy is not looked at: the database that holds the bookings decides about it. Moments are UTC.
    """
    staff = query["staff"]
    if (staff or query["outside_plan"] or query["minutes"]) and not actor.is_staff:
        raise Forbidden.because("Only staff override the rules of the clinic.")
    moving = _moving(query, actor)
    with work.reading() as store:
        found = known.get(store, clinic)
    _check_choice(found.plan, query, actor)
    candidates = check(
        found.plan,
        query["type"],
        query["practitioner"],
        query["start"],
        now,
        purpose=query["purpose"],
        minutes=query["minutes"],
        staff=staff,
        outside_plan=query["outside_plan"],
        moving=moving,
    )
    return {
        "revision": found.revision,
        "type": query["type"],
        "start": _utc(candidates[0].start),
        "end": _utc(candidates[0].end),
        "candidates": [candidate.to_json() for candidate in candidates],
    }


def _check_choice(plan: ClinicPlan, query: Query, actor: Actor) -> None:
    """Refuse a type or practitioner that does not exist; patients know only those that are online (S12, S13)."""
    errors: dict[str, list[str]] = {}
    kind = plan.types.get(query["type"])
    if kind is None or not (kind.online or actor.is_staff):
        errors["type"] = ["There is no such type."]
    key = query["practitioner"]
    practitioner = plan.practitioners.get(key)
    if key is not None and (practitioner is None or not (practitioner.online or actor.is_staff)):
        errors["practitioner"] = ["There is no such practitioner."]
    elif key is not None and kind and not actor.is_staff and key not in kind.online_practitioners:
        errors["practitioner"] = ["This practitioner does not take this type."]
    if errors:
        raise Invalid.because("There is no such choice.", errors=errors)


def _require_known_patient(plan: ClinicPlan, query: Query, actor: Actor) -> None:
    """Refuse to show times of a type controlled by needs to who has not logged in (PRODUCT B9).

    While the clinic takes no new bookings there is nothing to log in for: nothing is found (B1).
    """
    if plan.types[query["type"]].controlled and plan.booking.new and not actor.is_staff:
        raise LoginRequired.because("Log in with a code to your mobile first, or use the link of your recall.")


def _asked(query: Query) -> tuple[str, str | None, date, date]:
    return query["type"], query["practitioner"], query["first"], query["last"]


def _require_right_to_length(query: Query, actor: Actor) -> None:
    """Refuse a length that only a need or staff may ask for."""
    if query["minutes"] and not actor.is_staff:
        raise Forbidden.because("Only services and staff may ask for another length than the type's.")


def _moving(query: Query, actor: Actor) -> Moving | None:
    given = query["moving"]
    if given is None:
        return None
    if not actor.is_staff:
        raise Forbidden.because("Only services and staff may ask where a booking may move to.")
    return Moving(
        given["practitioner"],
        given["minutes"],
        given["start"].astimezone(UTC),
        given["reference"],
        given["horizon_floor"],
    )


def _busy(
    store: AvailabilityStore, clinic: str, found: Clinic, query: Query, now: datetime, moving: Moving | None = None
) -> list[Busy]:
    """Return what is taken of all that the type may need, from today on at the earliest; one SQL statement.

    No appointment runs past midnight, so only its buffers reach beyond the asked dates.
    """
    plan = found.plan
    first = max(query["first"], now.astimezone(plan.zone).date())
    if query["last"] < first:
        return []
    kind = plan.types[query["type"]]
    start = midnight(first, plan.zone) - timedelta(minutes=kind.buffer_before)
    end = midnight(query["last"] + _DAY, plan.zone) + timedelta(minutes=kind.buffer_after)
    return store.busy(clinic, _resources(plan, query, moving), start, end, now, moving.reference if moving else None)


def _resources(plan: ClinicPlan, query: Query, moving: Moving | None) -> set[str]:
    kind = plan.types[query["type"]]
    asked = moving.practitioner if moving else query["practitioner"]
    people = kind.practitioners if asked is None else (asked,)
    return {
        *map(practitioner_key, people),
        *(resource_key(key) for use in kind.uses for key in use),
    }


def _slot(slot: Slot) -> dict[str, Any]:
    return {"start": slot.start.isoformat(), "end": slot.end.isoformat(), "practitioners": list(slot.practitioners)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
