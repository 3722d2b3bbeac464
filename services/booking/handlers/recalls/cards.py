"""Recalls on paper: what is printed on a card, and what its code opens (PRODUCT M2)."""

from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk, local
from services.booking.handlers.opening import require_link_opens
from services.booking.handlers.recalls.recalling import subjects_of_week
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.needs import CLOSED, Need, expired, no_open_need
from services.booking.model.recalls import (
    CARD,
    Recall,
    Subject,
    holders_typed,
    lookup_of,
    read_code,
    shown_code,
)
from services.booking.model.requests import CardsRequest, TypedCode
from shared.contracts.errors import NotFound, WrongLogin
from shared.links import need_token

if TYPE_CHECKING:
    from services.booking.store import BookingStore

View = dict[str, Any]

CARDS_AT_ONCE = 40
"""How many cards of a week one answer holds: drawing one takes 30 to 100 ms, and a request has ten seconds."""


def recall_cards(desk: Desk, clinic: str, asked: CardsRequest) -> View:
    """Return `{"cards": […], "next"}`: of a week those that were issued on a card, or the one of a booking or need.

    `next` is the page on which the week goes on, None after the last one.
    A card is `{id, code, link, page, first_name, last_name, type, practitioner, start, week, usable_until, language}`:
    `type` as patients see it, `practitioner` a name. Raises Forbidden, Invalid, or NotFound where the named one has no
    code.
    """
    rules = desk.rules(clinic)
    with desk.work.snapshot() as store:
        if asked.week is not None:
            found = _of_week(store, desk, rules, asked.week)
        else:
            found = [_of_one(store, desk, rules, str(asked.id))]
    end = asked.page * CARDS_AT_ONCE
    return {
        "cards": [_card(desk, rules, subject, recall) for subject, recall in found[end - CARDS_AT_ONCE : end]],
        "next": asked.page + 1 if end < len(found) else None,
    }


def open_recall(desk: Desk, typed: TypedCode) -> View:
    """Return `{manage_token}` of the booking that a code opens, or `{token, clinic, need}` of a need to be booked.

    Raises Invalid, WrongLogin, NotFound, Gone 30 days after the appointment, and NoOpenNeed or NeedExpired.
    """
    code = read_code(typed.code)
    lookups = [
        lookup_of(key, holder, code)
        for key in desk.keys.lookups
        for holder in holders_typed(typed.national_id, typed.birth_date)
        if code is not None
    ]
    with desk.work.snapshot() as store:
        recall = store.recall_by_lookup(lookups)
        if recall is None:
            raise WrongLogin.because("There is no recall with this code; check what you typed.")
        booking = store.booking(recall.booking) if recall.booking else store.booking_of_need(str(recall.need))
        need = None if recall.need is None else store.need(recall.clinic, recall.need)
    if booking is not None:
        require_link_opens(desk, booking)
        return {"manage_token": desk.link(booking.reference, booking.epoch)["manage_token"]}
    if need is None:
        raise LookupError(f"recall {recall.id} is of nothing, and nothing deletes what recalls are of")
    return _opened(desk, need)


def _opened(desk: Desk, need: Need) -> View:
    rules = desk.rules(need.clinic)
    if need.state == CLOSED:
        raise no_open_need(rules.phone)
    if rules.has_expired(need, desk.today(rules)):
        raise expired(rules.phone)
    return {"token": need_token(desk.keys.link, need.id), "clinic": need.clinic, "need": need.id}


def _of_week(store: "BookingStore", desk: Desk, rules: ClinicRules, week: str) -> list[tuple[Subject, Recall]]:
    subjects = subjects_of_week(store, desk, rules, week)
    made = store.recalls_for(subjects)
    found = [(subject, made[subject.id]) for subject in subjects if subject.id in made]
    return [(subject, recall) for subject, recall in found if CARD in recall.channels]


def _of_one(store: "BookingStore", desk: Desk, rules: ClinicRules, id: str) -> tuple[Subject, Recall]:
    of = store.booking(id) or store.need(rules.clinic, id)
    subject = None if of is None or of.clinic != rules.clinic else Subject(of)
    recall = None if subject is None else store.recalls_for([subject]).get(id)
    if subject is None or recall is None or recall.lookup is None:
        raise NotFound.because("No recall with a code was made for this.")
    if subject.of.practitioner is not None:
        desk.require_calendar(subject.of.practitioner)
    return subject, recall


def _card(desk: Desk, rules: ClinicRules, subject: Subject, recall: Recall) -> View:
    of = subject.of
    person = desk.open_person(of.person)
    language = of.language if isinstance(of, Booking) else rules.languages[0]
    with_whom = rules.practitioners.get(of.practitioner or "")
    return {
        "id": subject.id,
        "code": shown_code(str(desk.keys.people.open(recall.code))),
        "page": f"{desk.keys.public_url}/recall",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "type": rules.alias(of.type, language),
        "practitioner": None if with_whom is None else with_whom["name"],
        "language": language,
        **(_booked(desk, of, rules) if isinstance(of, Booking) else _needed(desk, of, rules)),
    }


def _booked(desk: Desk, booking: Booking, rules: ClinicRules) -> View:
    return {
        "link": desk.link(booking.reference, booking.epoch)["manage_url"],
        "start": local(booking.starts_at, rules.zone),
        "week": rules.week_of(booking.starts_at),
        "usable_until": None,
    }


def _needed(desk: Desk, need: Need, rules: ClinicRules) -> View:
    return {
        "link": f"{desk.keys.public_url}/m/{need_token(desk.keys.link, need.id)}",
        "start": None,
        "week": need.week,
        "usable_until": rules.usable_until(need),
    }
