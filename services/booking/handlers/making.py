"""Booking a new time (PRODUCT B1 to B13)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from services.booking.handlers.alternatives import Sought, offering_alternatives
from services.booking.handlers.desk import Desk, Pending
from services.booking.handlers.finding import Checking, check_slot, known_practitioner, known_type
from services.booking.handlers.recording import record_creation
from services.booking.handlers.repeats import Answer, Repeat
from services.booking.handlers.taking import find_free
from services.booking.handlers.views import receipt
from services.booking.model.bookings import BOOKED, Booking, Candidate, Hold, Taken, new_reference
from services.booking.model.choosing import Busy
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.details import Person, read_person
from services.booking.model.eligibility import (
    is_known_patient_needed,
    require_age,
    require_no_login_wanted,
    require_welcome,
    welcoming,
)
from services.booking.model.requests import BookingRequest, PatientDetails
from shared.contracts.errors import HoldExpired, Invalid, NotFound

if TYPE_CHECKING:
    from services.booking.store import BookingStore

ORIGINS = {"patient": "web", "staff": "staff"}
"""By kind of actor; everything else is an internal tool's `api` (CONTRACTS 2)."""

_FROM_RECORD = ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok")


@dataclass(frozen=True)
class Wish:
    """A request whose fields are right: what is to be booked, for whom, with which hold, at which revision."""

    request: BookingRequest
    type: TypeRules
    practitioner: str | None
    person: Person
    hold: Hold | None
    by_staff: bool

    @property
    def sought(self) -> Sought:
        """The wanted time."""
        return Sought(self.type, self.request.start, self.practitioner)


@dataclass(frozen=True)
class Found:
    """Who may be booked: `candidates` to take one from; None where only the hold decides."""

    candidates: list[Candidate] | None
    revision: int


def book(
    desk: Desk,
    clinic: str,
    parse: Callable[[], BookingRequest],
    fields: Mapping[str, Any],
    idempotency_key: str | None,
) -> dict[str, Any]:
    """Book a time and return its receipt with the personal link.

    `fields` is the whole request, which a repeat must equal. Raises, in this order: Forbidden, NotFound, BookingOff,
    FunctionOff, Invalid, InvalidNationalId, LoginRequired, NewPatientsRefused, UnderAge, then of the time
    SlotNotOffered, SlotTaken, SlotHeld or HoldExpired.
    """
    by_staff = desk.require_right_to_book(clinic)
    rules = desk.rules(clinic)
    repeat = Repeat.of(desk, clinic, idempotency_key, fields)
    if repeat is not None:
        with desk.work.reading() as store:
            earlier = repeat.first_answer(store, desk)
        if earlier is not None:
            return _with_link(desk, earlier)
    if not by_staff:
        rules.require_on("new")
    wish = _wish(desk, rules, parse(), by_staff=by_staff)
    return _with_link(desk, _book(desk, rules, wish, repeat))


def _wish(desk: Desk, rules: ClinicRules, request: BookingRequest, *, by_staff: bool) -> Wish:
    type = known_type(rules, request.type, by_staff=by_staff)
    practitioner = known_practitioner(rules, type, request.practitioner, by_staff=by_staff)
    hold = _hold(desk, rules, request)
    if request.patient.id is not None:
        request = _with_record(desk, rules, request, request.patient.id)
    today = desk.now.astimezone(rules.zone).date()
    person = read_person(request, type, rules, today, by_staff=by_staff)
    if not by_staff:
        require_no_login_wanted(type, rules)
    if hold is not None:
        practitioner = None if hold.any_practitioner else hold.practitioner
    return Wish(request, type, desk.require_calendar(practitioner), person, hold, by_staff)


def _hold(desk: Desk, rules: ClinicRules, request: BookingRequest) -> Hold | None:
    """Return the request's hold, or None where it has none or it is no longer known; refuse one of another time."""
    if request.hold is None:
        return None
    with desk.work.reading() as store:
        hold = store.hold(request.hold)
    if hold is None or hold.clinic != rules.clinic:
        return None
    same = hold.type == request.type and hold.starts_at == request.start
    if not same or request.practitioner not in {None, hold.practitioner}:
        text = "This hold is for another time."
        raise Invalid.because(text, errors={"hold": [text]})
    return hold


def _with_record(desk: Desk, rules: ClinicRules, request: BookingRequest, patient: str) -> BookingRequest:
    """Return staff's request with what it leaves out filled in from the patient's record."""
    try:
        record = desk.patients.get(rules.clinic, patient)
    except NotFound as unknown:
        text = "There is no such patient."
        raise Invalid.because(text, errors={"patient.id": [text]}) from unknown
    typed = {name: value for name, value in vars(request.patient).items() if value is not None}
    known = {name: record.get(name) for name in _FROM_RECORD}
    return replace(request, patient=PatientDetails(**{**known, **typed}))


def _book(desk: Desk, rules: ClinicRules, wish: Wish, repeat: Repeat | None) -> Answer:
    """Ask what has to be asked, side by side, then write the booking; return its answer without the link."""
    knowing = _identify(desk, rules, wish)
    checking = _check(desk, rules, wish)
    known = knowing is None or bool(knowing.result()["known"])
    if not wish.by_staff:
        _require_may_book(rules, wish, known=known)
    sought = replace(wish.sought, as_new_patient=not known)
    with offering_alternatives(desk, rules, sought):
        found = _found(desk, rules, wish, checking, known=known)

        def write(store: "BookingStore") -> Answer:
            if repeat is not None and (earlier := repeat.begin(store, desk)) is not None:
                return earlier
            booking = _write(store, desk, rules, wish, found)
            answer = {**receipt(booking, rules), "epoch": booking.epoch}
            if repeat is not None:
                repeat.keep(store, answer)
            return answer

        return desk.transaction(write)


def _identify(desk: Desk, rules: ClinicRules, wish: Wish) -> Pending | None:
    """Ask who the patient is, but only where a rule depends on it."""
    if wish.by_staff or not is_known_patient_needed(wish.type, wish.practitioner, rules):
        return None
    asked = ("identity", "birth_date", "first_name", "last_name", "mobile", "email")
    return desk.patients.identify.call_async(rules.clinic, **{name: wish.person[name] for name in asked})


def _check(desk: Desk, rules: ClinicRules, wish: Wish) -> Checking | None:
    """Ask whether the time is legal; a valid hold was checked, at the same revision of the document."""
    hold = wish.hold
    if wish.request.hold is not None and (hold is None or not hold.is_valid(desk.now)):
        return None
    if hold is not None and not _may_need_another(rules, wish, hold):
        return None
    return check_slot(
        desk,
        rules,
        wish.sought,
        purpose="new",
        by_staff=wish.by_staff,
        minutes=wish.request.minutes,
        outside_plan=wish.request.outside_plan or None,
    )


def _may_need_another(rules: ClinicRules, wish: Wish, hold: Hold) -> bool:
    """Tell whether the hold might not do as it is: changed rules or length, or a practitioner without new patients."""
    if hold.revision != rules.revision or wish.request.minutes not in {None, hold.minutes}:
        return True
    return not wish.by_staff and hold.any_practitioner and not _accepts_new(rules, hold)


def _accepts_new(rules: ClinicRules, hold: Hold) -> bool:
    return bool(rules.practitioners[hold.practitioner]["new_patients"])


def _require_may_book(rules: ClinicRules, wish: Wish, *, known: bool) -> None:
    require_welcome(wish.type, wish.practitioner, rules, known=known)
    born = wish.person["birth_date"]
    day = wish.request.start.astimezone(rules.zone).date()
    require_age(date.fromisoformat(born) if born else None, wish.type, day)


def _found(desk: Desk, rules: ClinicRules, wish: Wish, checking: Checking | None, *, known: bool) -> Found:
    """Return who may be booked, or None for them where only the hold decides: kept as it is, or over."""
    hold = wish.hold
    if checking is None:
        return Found(None, rules.revision)
    if hold is not None and hold.revision == rules.revision and known and wish.request.minutes in {None, hold.minutes}:
        return Found(None, rules.revision)
    if not wish.by_staff:
        rules.require_open_window(desk.now)
    checked = checking.result()
    candidates = checked.candidates if wish.by_staff else welcoming(checked.candidates, rules, known=known)
    if hold is not None:  # whom the patient has seen in the form comes first
        candidates = sorted(candidates, key=lambda candidate: candidate.practitioner != hold.practitioner)
    return Found(candidates, checked.revision)


def _write(store: "BookingStore", desk: Desk, rules: ClinicRules, wish: Wish, found: Found) -> Booking:
    hold = wish.hold
    if found.candidates is None:
        if hold is None:
            _refuse_hold(None)
        _use(store, desk, hold)
        booking = record_creation(store, desk, _booking(desk, rules, wish, _as_held(hold), found.revision), rules)
        store.give_held_time(hold.id, booking.reference)
        return booking
    taken = find_free(store, desk, rules.clinic, found.candidates, own_hold=hold.id if hold else None)
    if hold is not None:
        _use(store, desk, hold)
        store.free_hold(hold.id)
    booking = record_creation(store, desk, _booking(desk, rules, wish, taken, found.revision), rules)
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
            needs=(),
        ),
        hold.resources,
    )


def _booking(desk: Desk, rules: ClinicRules, wish: Wish, taken: Taken, revision: int) -> Booking:
    time = taken.candidate
    return Booking(
        reference=new_reference(),
        clinic=rules.clinic,
        status=BOOKED,
        origin=ORIGINS.get(desk.actor.kind, "api"),
        type=wish.type.key,
        practitioner=time.practitioner,
        starts_at=time.start,
        ends_at=time.end,
        busy_from=time.busy_from,
        busy_to=time.busy_to,
        minutes=time.minutes,
        resources=taken.resources,
        hold=wish.hold.id if wish.hold else None,
        patient_id=wish.person["patient"],
        need=None,
        person=desk.keys.sealer.seal(wish.person),
        language=wish.request.language or rules.languages[0],
        sms_reminder=True,
        epoch=1,
        version=1,
        revision=revision,
        created_at=desk.now,
        history_length=0,
        history_head="",
    )


def _with_link(desk: Desk, answer: Answer) -> Answer:
    """Return the answer with its link, which is derived and never kept (DESIGN rule 9)."""
    told = {name: value for name, value in answer.items() if name != "epoch"}
    return {**told, **desk.link(answer["reference"], answer["epoch"])}
