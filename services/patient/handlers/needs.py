"""Needs: given, listed and taken back by staff, shown to the patients whose they are (PRODUCT B9, B10, R1, R3)."""

from collections.abc import Mapping
from typing import Any

from services.patient.handlers import views
from services.patient.handlers.desk import Desk, present, require_theirs
from services.patient.handlers.records import confirm, patients_of
from services.patient.model.needs import ClinicNeeds, Need
from services.patient.store import PatientStore
from services.patient.store.needs import Wanted, Weeks
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from shared.contracts.patient import NEED_ADDED, NEED_CLOSED
from shared.ids import is_id, new_id
from shared.incoming.paging import no_such_page, page
from shared.incoming.unread import Unread

Fields = Mapping[str, Any]


def needs(desk: Desk, clinic: str, asked: Fields) -> views.View:
    """Return `{needs, next}`: a page of a clinic's needs by week and id, for staff (PRODUCT R3).

    A therapist sees their own and those that name nobody. Raises NotFound, or Invalid for a page that there is not.
    """
    rules = _rules(desk, clinic)
    same = {name: asked.get(name) for name in ("week", "patient", "type")}
    with desk.work.snapshot() as store:
        wanted = Wanted(within=asked.get("list"), calendar=desk.actor.own_calendar, **same)
        return _page(store, clinic, rules, wanted, asked, for_patient=False)


def own_needs(desk: Desk, clinic: str, unread: Unread[Fields]) -> views.View:
    """Return `{needs, next}`: what a patient may book with, by their login or by their recall's link.

    Those are the open ones, not expired, of types that can be booked. Raises LoginRequired, NotFound or Invalid.
    """
    proof = desk.proof(clinic)
    if not proof.opens_needs:
        raise LoginRequired.because("Log in with a code, or open the link of your recall.")
    rules = _rules(desk, clinic)
    asked = unread.read()
    with desk.work.snapshot() as store:
        patients = patients_of(store, clinic, proof.mobile, proof.identity, desk.keys) if proof.mobile else []
        wanted = Wanted(usable_by=(rules.bookable_types, patients, proof.need))
        return _page(store, clinic, rules, wanted, asked, for_patient=True)


def add_need(desk: Desk, clinic: str, wish: Fields) -> views.View:
    """Give a patient a need and return it (PRODUCT R1); without minutes it takes what the type takes.

    `confirm` says which of the record's mobile and email are the patient's; `unconfirmed` of the answer, which of them
    nobody has said that of: there no recall goes.

    Raises NotFound for the clinic, Forbidden where a therapist names a colleague or whom they do not treat, and Invalid
    with `errors` by field.
    """
    rules = _rules(desk, clinic)
    _require_calendar(desk, wish.get("practitioner"))
    require_theirs(desk, clinic, wish["patient"])
    need = Need(
        id=new_id(),
        clinic=clinic,
        patient=wish["patient"],
        type=wish["type"],
        practitioner=wish.get("practitioner"),
        minutes=rules.minutes_of(wish),
        week=wish["week"],
        closed=False,
        created_at=desk.now,
    )
    with desk.work() as store:
        patient = store.get(clinic, need.patient, to_change=True)  # a change of the record tells of this need too
        if patient is None:
            unknown = "The clinic has no such patient."
            raise Invalid.because(unknown, errors={"patient": [unknown]})
        patient = confirm(desk, store, patient, wish.get("confirm", ()))
        store.add_need(need)
        told = views.need_told(need, patient, desk.keys)
        store.publish(desk.event(NEED_ADDED, clinic, need.id, need.version, told))
    return {**views.of_need(need, None, rules), "unconfirmed": list(patient.unconfirmed)}


def close_need(desk: Desk, clinic: str, id: str) -> views.View:
    """Take a need back and return it; closing it again changes nothing.

    Raises NotFound, Forbidden for a colleague's, and Invalid while a booking uses it.
    """
    rules = _rules(desk, clinic)
    with desk.work() as store:
        found = store.need(clinic, id, to_change=True) if is_id(id) else None
        if found is None:
            raise NotFound.because("The clinic has no such need.")
        need, booking = found
        _require_calendar(desk, need.practitioner)
        if not need.closed:
            need = _closed(desk, store, need, booking)
    return views.of_need(need, booking, rules)


def _closed(desk: Desk, store: PatientStore, need: Need, booking: str | None) -> Need:
    if booking is not None:
        used = "A booking uses this need; cancel the booking first."
        raise Invalid.because(used, errors={"id": [used]})
    closed = need.close()
    store.replace_need(closed)
    told = views.need_told(closed, present(store, need.clinic, need.patient), desk.keys)
    store.publish(desk.event(NEED_CLOSED, need.clinic, need.id, closed.version, told))
    return closed


def _rules(desk: Desk, clinic: str) -> ClinicNeeds:
    return ClinicNeeds.at(desk.document(clinic), desk.now)


def _page(
    store: PatientStore, clinic: str, rules: ClinicNeeds, wanted: Wanted, asked: Fields, *, for_patient: bool
) -> views.View:
    limit, cursor = asked["limit"], asked["cursor"]
    after = store.need(clinic, cursor) if cursor else None
    if cursor and after is None:
        raise no_such_page()
    weeks = Weeks(rules.this_week, rules.first_weeks())
    found = store.find_needs(clinic, wanted, weeks, after[0] if after else None, limit + 1)
    return page(
        "needs",
        found,
        limit,
        show=lambda row: views.of_need(*row, rules, for_patient=for_patient),
        cursor=lambda row: row[0].id,
    )


def _require_calendar(desk: Desk, practitioner: str | None) -> None:
    own = desk.actor.own_calendar
    if own is not None and practitioner not in {None, own}:
        raise Forbidden.because("Therapists give and take back needs of their own and those that name nobody.")
