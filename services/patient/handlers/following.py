"""What patient does when it hears of bookings (DESIGN rule 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.telling import tell_of_known, tell_of_needs, tell_of_new
from services.patient.model.consent import PATIENT, Word
from services.patient.model.patients import Patient, Typed, filled_in, new_patient
from services.patient.model.told import BookingMade, NeedBooking, NeedUse, PersonTyped
from services.patient.store import PatientStore
from services.patient.store.patients import Number
from shared.bus.events.effects import Effect
from shared.contracts.booking import BOOKING_CREATED, Origin
from shared.contracts.envelope import Event
from shared.contracts.reconciling import Retold
from shared.ids import new_id


@dataclass(frozen=True)
class Made:
    """A new booking and whom it is for, as typed; `id` is the patient's where there is none yet.

    `word` is whose word it is what it says of messages; None where that is not told.
    """

    event: Event
    typed: Typed
    origin: Origin
    id: str
    word: Word | None


def create_or_fill(desk: Desk, events: Sequence[Event]) -> Effect[Made]:
    """Make the patients of new bookings, or fill in the known ones' mobile and email where missing (PRODUCT B18).

    Either way an event tells booking who its patient is.
    """
    return Effect([(event, _made(desk, event, new_id())) for event in events], partial(_follow, desk))


def create_or_fill_anew(desk: Desk, retold: Retold) -> None:
    """Do the same for a booking whose patient is not there, whatever is noted of its event, which does nothing later.

    Where booking knows the patient by an id, the record is made anew under it. Who has made the booking, and when, is
    not told again: whose word its consent is stays unnoted.
    """
    made = replace(_made(desk, retold.event, retold.patient or new_id()), word=None)
    with desk.work() as store:
        store.first_times("create_or_fill", retold.events(BOOKING_CREATED), desk.now)
        _follow(desk, store, [made])


def _made(desk: Desk, event: Event, id: str) -> Made:
    told = BookingMade.read(event.data)
    typed = Typed.of(PersonTyped.read(desk.keys.people.open(told.person)))
    return Made(event, typed, told.origin, id, _word(event, told.origin))


def _word(event: Event, origin: Origin) -> Word:
    """Return whose word a booking is: on the web, and by a recall, the patient's."""
    at = datetime.fromisoformat(event.time)
    return Word(at, PATIENT) if origin in {"web", "recall"} else Word(at, event.actor["kind"] or "", event.actor["id"])


def _follow(desk: Desk, store: PatientStore, bookings: Sequence[Made]) -> None:
    """Make each booking's patient, or fill in the known one's; nobody is made of what an erased patient had booked."""
    erased = store.erased_among({booking.event.subject for booking in bookings})
    bookings = [booking for booking in bookings if booking.event.subject not in erased]
    people, filled = _People(store, desk.keys, bookings), dict[str, tuple[Patient, Event]]()
    for booking in bookings:
        known = people.find(booking)
        patient = (
            _new(desk, booking) if known is None else filled_in(known, booking.typed, booking.origin, booking.word)
        )
        if patient != known:
            people.keep(patient)
        if known is None:
            tell_of_new(desk, store, patient, booking.event)
            continue
        tell_of_known(desk, store, patient, booking.event)
        if patient != known:
            filled[patient.id] = patient, booking.event
    store.keep(people.changed.values())
    tell_of_needs(desk, store, filled.values())


class _People:
    """Those whom a batch of bookings is for, as they are by now; nobody else makes or changes them until the commit.

    They are looked for once for the whole batch, and `changed`, the new ones among them, are written at its end.
    """

    def __init__(self, store: PatientStore, keys: Keys, bookings: Sequence[Made]) -> None:
        self.changed: dict[str, Patient] = {}
        self._keys = keys
        self._known: dict[str, Patient] = {}
        self._by_number: dict[Number, str] = {}
        self._by_name: dict[tuple[str, str], dict[str, None]] = {}
        store.one_at_a_time(
            {each for booking in bookings for each in telling_apart(keys, booking.event.clinic, booking.typed)}
        )
        for clinic in sorted({booking.event.clinic for booking in bookings}):
            theirs = [booking for booking in bookings if booking.event.clinic == clinic]
            for patient in store.people(
                clinic,
                names={booking.typed.name_key for booking in theirs if not booking.typed.identity},
                ids={booking.typed.patient for booking in theirs if booking.typed.patient},
                numbers={number for booking in theirs for number in self._numbers(booking)},
                to_change=True,
            ):
                self._note(keys.hashed_anew(patient))

    def find(self, booking: Made) -> Patient | None:
        """Return the patient that staff named, or the one that was typed; None for somebody new."""
        clinic, typed = booking.event.clinic, booking.typed
        named = self._known.get(typed.patient or "")
        if named is not None and named.clinic == clinic:
            return named
        if numbers := self._numbers(booking):
            return self._known.get(self._by_number.get(numbers[0], ""))
        namesakes = (self._known[id] for id in self._by_name.get((clinic, typed.name_key), ()))
        return next(filter(typed.is_same_person, namesakes), None)

    def keep(self, patient: Patient) -> None:
        """Note a patient who is new or was filled in."""
        self.changed[patient.id] = patient
        self._note(patient)

    def _note(self, patient: Patient) -> None:
        self._known[patient.id] = patient
        if patient.number_hash and patient.scheme:
            self._by_number[patient.scheme, patient.number_hash] = patient.id
        self._by_name.setdefault((patient.clinic, patient.name_key), {})[patient.id] = None

    def _numbers(self, booking: Made) -> list[Number]:
        """Return the number that was typed, as it is found, the newest hash first."""
        clinic, identity = booking.event.clinic, booking.typed.identity
        return [(identity[0], each) for each in self._keys.number_hashes(clinic, *identity)] if identity else []


def note_uses(events: Sequence[Event]) -> Effect[NeedBooking]:
    """Note which bookings use needs, or no longer do; older news than what is known changes nothing.

    A booking is made with its need and keeps it, so that events without one never say anything of needs.
    """
    told = ((event, NeedUse.read(event.data).by(event)) for event in events)
    return Effect([(event, use) for event, use in told if use is not None], PatientStore.note_bookings)


def note_use_anew(desk: Desk, event: Event, instead_of: int | None) -> None:
    """Note which need a booking uses, as it says `instead_of` the version that is known, whichever it is."""
    use = NeedUse.read(event.data).by(event)
    if use is None:
        return
    with desk.work() as store:
        if instead_of is not None:
            store.forget_booking(event.subject, instead_of)
        store.note_bookings([use])


def same_person(store: PatientStore, clinic: str, typed: Typed, keys: Keys) -> Patient | None:
    """Return the clinic's record of a person: by number, or without one by the rule of CONTRACTS 1, Patients."""
    if typed.identity:
        return store.by_number(clinic, typed.identity[0], *keys.number_hashes(clinic, *typed.identity))
    return store.same_person(clinic, typed)


def telling_apart(keys: Keys, clinic: str, typed: Typed) -> tuple[str, ...]:
    """Return what tells a person from others, whom others may make at the same moment.

    While `LOOKUP_KEY` is replaced that is a number's hash by either key: who writes by one waits for who writes by the
    other, and no person gets a record by each.
    """
    if typed.identity:
        return keys.number_hashes(clinic, *typed.identity)
    return ("\x1f".join((clinic, str(typed.birth_date), typed.name_key)),)


def _new(desk: Desk, booking: Made) -> Patient:
    keys, clinic, typed = desk.keys, booking.event.clinic, booking.typed
    return new_patient(
        typed,
        id=booking.id,
        clinic=clinic,
        number_hash=keys.number_hash(clinic, *typed.identity) if typed.identity else None,
        number_sealed=keys.numbers.seal(typed.identity[1]) if typed.identity else None,
        origin=booking.origin,
        now=desk.now,
        word=booking.word,
    )
