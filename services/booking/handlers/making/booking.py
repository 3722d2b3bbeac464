"""Booking a new time (PRODUCT B1 to B13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from services.booking.handlers.alternatives import offering_alternatives
from services.booking.handlers.checking import who_could_take
from services.booking.handlers.desk import Desk
from services.booking.handlers.making.admitting import claimed, identify, require_may_book, with_need
from services.booking.handlers.making.needing import require_practitioner
from services.booking.handlers.making.repeats import Answer, Repeat
from services.booking.handlers.making.wishing import Wish, read_wish
from services.booking.handlers.recording import record
from services.booking.handlers.taking import find_free
from services.booking.handlers.views import receipt
from services.booking.model.admission.eligibility import welcoming
from services.booking.model.bookings import BOOKED, Booking, new_reference
from services.booking.model.changes import create
from services.booking.model.choosing import Busy, Taken
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.holds import Hold
from services.booking.model.needs import Need
from services.booking.model.requests import BookingRequest
from services.booking.model.typed import typed_hash
from services.booking.model.undo import Telling
from shared.clinic.starts.candidates import Candidate
from shared.contracts.errors import HoldExpired, NoOpenNeed
from shared.contracts.plain import plain
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

Finish = Callable[["BookingStore", Booking], Answer]
"""What follows a new booking in its own transaction; returns the answer."""


@dataclass(frozen=True)
class Found:
    """Who may be booked: `candidates` to take one from; None where only the hold decides.

    `unwelcoming` could take the time, but not a patient whom the clinic does not know.
    """

    candidates: Sequence[Candidate] | None
    unwelcoming: Sequence[Candidate] = ()


def book(
    desk: Desk,
    clinic: str,
    unread: Unread[BookingRequest],
    idempotency_key: str | None,
) -> dict[str, Any]:
    """Book a time and return its receipt with the personal link.

    A repeat must equal what was sent, as it was sent. Raises, in this order: NotFound, BookingOff, FunctionOff,
    Invalid, InvalidNationalId, LoginRequired, NewPatientsRefused, UnderAge, NoOpenNeed, NeedExpired, then of the time
    SlotNotOffered, SlotTaken, SlotHeld or HoldExpired.
    """
    by_staff = desk.actor.is_staff
    rules = desk.rules(clinic)
    repeat = Repeat.of(desk, clinic, idempotency_key, unread.sent)
    if (earlier := _answered(desk, repeat)) is not None:
        return _with_link(desk, earlier)
    if not by_staff:
        rules.require_on("new")
    wish = read_wish(desk, rules, unread.read(), by_staff=by_staff)

    def finish(_store: "BookingStore", booking: Booking) -> Answer:
        doubted = {"unconfirmed": list(wish.person.unconfirmed)} if by_staff else {}
        return {**receipt(booking, rules, wish.person), **doubted, "epoch": booking.epoch}

    try:
        answer = make(desk, rules, wish, finish, repeat)
    except NoOpenNeed:  # used by the first of two equal requests, while this one was on its way
        if (earlier := _answered(desk, repeat)) is None:
            raise
        answer = earlier
    return _with_link(desk, answer)


def _answered(desk: Desk, repeat: Repeat | None) -> Answer | None:
    """Return what was answered to the same request before, or None."""
    if repeat is None:
        return None
    with desk.work.reading() as store:
        return repeat.first_answer(store, desk)


def make(desk: Desk, rules: ClinicRules, wish: Wish, finish: Finish, repeat: Repeat | None = None) -> Answer:
    """Ask what has to be asked, then write the booking; return the answer that `finish` gives.

    Raises what `book` does after LoginRequired.
    """
    wish = with_need(desk, rules, wish)
    knowing = identify(desk, rules, wish)
    known = knowing is None or bool(knowing.result()["known"])
    sought = replace(wish.sought, as_new_patient=not known)
    with offering_alternatives(desk, rules, sought):
        if not wish.by_staff:
            require_may_book(rules, wish, known=known)
        require_practitioner(replace(sought, practitioner=wish.with_whom), wish.asked_for, rules)
        found = _found(desk, rules, wish, known=known)

        def write(store: "BookingStore") -> Answer:
            if repeat is not None and (earlier := repeat.begin(store, desk)) is not None:
                return earlier
            answer = finish(store, _write(store, desk, rules, wish, found))
            if repeat is not None:
                repeat.keep(store, answer)
            return answer

        return desk.transaction(write)


def _found(desk: Desk, rules: ClinicRules, wish: Wish, *, known: bool) -> Found:
    """Return who may be booked, or None for them where only the hold decides: kept as it is, or over.

    A valid hold was checked, by the same revision of the document.
    """
    hold = wish.hold
    if wish.request.hold is not None and (hold is None or not hold.is_valid(desk.now)):
        return Found(None)
    if hold is not None and wish.fits(hold, rules):
        return Found(None)
    if not wish.by_staff:
        rules.require_open_window(desk.now)
    sought = replace(wish.sought, practitioner=wish.with_whom)
    able = who_could_take(rules, sought, desk.now, by_staff=wish.by_staff, outside_plan=wish.request.outside_plan)
    return Found(*welcoming(able, rules, known=known))


def _write(store: "BookingStore", desk: Desk, rules: ClinicRules, wish: Wish, found: Found) -> Booking:
    hold, need = wish.hold, claimed(store, desk, rules, wish)
    if found.candidates is None:
        if hold is None:
            _refuse_hold(None)
        _use(store, desk, hold)
        made = _booking(desk, rules, wish, _as_held(hold), need)
        booking = record(store, desk, create(made, rules, Telling(wish.request.tell)))
        store.give_held_time(hold.id, booking.reference)
        return booking
    own_hold = None if hold is None else hold.id
    taken = find_free(store, desk, rules.clinic, found.candidates, unwelcoming=found.unwelcoming, own_hold=own_hold)
    if hold is not None:
        _use(store, desk, hold)
        store.free_hold(hold.id)
    made = _booking(desk, rules, wish, taken, need)
    booking = record(store, desk, create(made, rules, Telling(wish.request.tell)))
    store.occupy(rules.clinic, booking.occupied(), booking.busy_from, booking.busy_to, booking=booking.reference)
    return booking


def _use(store: "BookingStore", desk: Desk, hold: Hold) -> None:
    if not store.use_hold(hold.id, desk.now):
        _refuse_hold(store.hold(hold.id))


def _refuse_hold(hold: Hold | None) -> NoReturn:
    if hold is not None and hold.state == "used":
        raise Busy(held=False)
    raise HoldExpired.because("The time is no longer held for you; choose it again.")


def _as_held(hold: Hold) -> Taken:
    return Taken(
        Candidate(
            practitioner=hold.practitioner,
            start=hold.starts_at,
            end=hold.ends_at,
            busy_from=hold.busy_from,
            busy_to=hold.busy_to,
            minutes=hold.minutes,
            accepts_new=True,
            uses=(),
        ),
        hold.resources,
    )


def _booking(desk: Desk, rules: ClinicRules, wish: Wish, taken: Taken, need: Need | None) -> Booking:
    time = taken.candidate
    return Booking(
        reference=new_reference(),
        clinic=rules.clinic,
        status=BOOKED,
        origin=wish.origin,
        type=wish.type.key,
        practitioner=time.practitioner,
        starts_at=time.start,
        ends_at=time.end,
        busy_from=time.busy_from,
        busy_to=time.busy_to,
        minutes=time.minutes,
        resources=taken.resources,
        hold=wish.hold.id if wish.hold else None,
        patient_id=wish.person.patient,
        need=None if need is None else need.id,
        person=desk.keys.people.seal(plain(wish.person)),
        language=wish.request.language or rules.languages[0],
        sms_reminder=True,
        epoch=1,
        version=1,
        revision=rules.revision,
        created_at=desk.now,
        history_length=0,
        history_head="",
        typed_hash=typed_hash(desk.keys.lookup, rules.clinic, wish.origin, wish.person),
    )


def _with_link(desk: Desk, answer: Answer) -> Answer:
    """Return the answer with its link, which is derived and never kept (DESIGN rule 9)."""
    told = {name: value for name, value in answer.items() if name != "epoch"}
    return {**told, **desk.link(answer["reference"], answer["epoch"])}
