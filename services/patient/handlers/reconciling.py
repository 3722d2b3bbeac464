"""Whose bookings are and which needs they use, compared with what booking says (ADR 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.patient.handlers import views
from services.patient.handlers.following import create_or_fill_anew, note_use_anew
from services.patient.model.told import NeedUse
from shared.contracts.patient import NEED_ADDED, NEED_CLOSED
from shared.contracts.reconciling import (
    AT_ONCE,
    Asked,
    Bookings,
    Difference,
    Retold,
    as_differences,
    reconciled,
    unknown,
)
from shared.incoming.paging import page

if TYPE_CHECKING:
    from collections.abc import Collection

    from services.patient.handlers.desk import Desk
    from services.patient.model.needs import Need
    from services.patient.model.patients import Patient
    from services.patient.store.needs import Use

PATIENT, USE = "patient of the booking", "use of the need"


def reconcile(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return which bookings have no patient here, and of which it is not noted that they use their need.

    Where that is asked for, the patient is made or found as a new booking's is, and the need noted as used.
    """
    return reconciled(
        bookings,
        clinic,
        asked,
        lambda told: _differing(desk, clinic, told),
        lambda each, difference: _mend(desk, each, difference),
    )


def reconcile_unknown(desk: Desk, bookings: Bookings, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return which bookings use a need though booking does not have them, and open the need again where asked."""

    def held(after: str | None, named: list[str] | None) -> list[str]:
        with desk.work.reading() as store:
            return store.users_of_needs(clinic, after, named, AT_ONCE)

    def drop(reference: str) -> None:
        with desk.work() as store:
            store.drop_booking(reference)

    return unknown(bookings, clinic, asked, held, drop)


def need_states(desk: Desk, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return `{needs, next}`: a page of a clinic's needs by id, or those that are named, each as its newest event."""
    with desk.work.snapshot() as store:
        found = store.needs_by_id(clinic, asked["references"], asked["cursor"], AT_ONCE + 1)
        patients = store.named(clinic, {need.patient for need in found})
    return page("needs", found, AT_ONCE, lambda need: _told(desk, need, patients[need.patient]), lambda need: need.id)


def _told(desk: Desk, need: Need, patient: Patient) -> dict[str, Any]:
    type, told = (NEED_CLOSED if need.closed else NEED_ADDED), views.need_told(need, patient, desk.keys)
    return desk.event(type, need.clinic, need.id, need.version, told).to_json()


def _differing(desk: Desk, clinic: str, told: list[Retold]) -> dict[str, Difference]:
    with desk.work.snapshot() as store:
        known = store.named(clinic, {each.patient for each in told if each.patient is not None})
        uses = store.uses_by([each.reference for each in told])
        without = [each.reference for each in told if each.patient not in known]
        erased = store.erased_among(without) if without else set()
    return as_differences(
        (each.reference, _compared(each, known, uses.get(each.reference)))
        for each in told
        if each.reference not in erased
    )


def _compared(each: Retold, known: Collection[str], noted: Use | None) -> Difference:
    use = NeedUse.read(each.event.data)
    is_right = use.need is None or (
        noted is not None
        and (noted.need, noted.stands) == (use.need, use.status != "cancelled")
        and noted.version <= each.event.subject_version
        and noted.is_shown
    )
    what = (*([PATIENT] if each.patient not in known else []), *([] if is_right else [USE]))
    return Difference(what, None if noted is None else noted.version)


def _mend(desk: Desk, each: Retold, difference: Difference) -> None:
    if PATIENT in difference.what:
        create_or_fill_anew(desk, each)
    if USE in difference.what:
        note_use_anew(desk, each.event, difference.held)
