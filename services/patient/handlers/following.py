"""What patient does when it hears of bookings (DESIGN rule 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.telling import tell_of_known, tell_of_new
from services.patient.model.patients import Patient, Typed, filled_in, new_patient
from services.patient.model.told import BookingMade, NeedUse, PersonTyped
from services.patient.store import PatientStore
from shared.bus.events.effects import Effect
from shared.contracts.booking import BOOKING_CREATED, Origin
from shared.contracts.envelope import Event
from shared.contracts.reconciling import Retold
from shared.ids import new_id


@dataclass(frozen=True)
class Made:
    """A new booking and whom it is for, as typed; `id` is the patient's where there is none yet."""

    event: Event
    typed: Typed
    origin: Origin
    id: str


def create_or_fill(desk: Desk, events: Sequence[Event]) -> Effect[Made]:
    """Make the patients of new bookings, or fill in the known ones' mobile and email where missing (PRODUCT B18).

    Either way an event tells booking who its patient is.
    """
    return Effect([(event, _made(desk, event, new_id())) for event in events], partial(_follow, desk))


def create_or_fill_anew(desk: Desk, retold: Retold) -> None:
    """Do the same for a booking whose patient is not there, whatever is noted of its event, which does nothing later.

    Where booking knows the patient by an id, the record is made anew under it.
    """
    made = _made(desk, retold.event, retold.patient or new_id())
    with desk.work() as store:
        store.first_times("create_or_fill", retold.events(BOOKING_CREATED), desk.now)
        _follow(desk, store, [made])


def _made(desk: Desk, event: Event, id: str) -> Made:
    told = BookingMade.read(event.data)
    return Made(event, Typed.of(PersonTyped.read(desk.keys.people.open(told.person))), told.origin, id)


def _follow(desk: Desk, store: PatientStore, bookings: Sequence[Made]) -> None:
    """Make each booking's patient, or fill in the known one's."""
    people = _People(store, desk.keys, bookings)
    for booking in bookings:
        known = people.find(booking.event.clinic, booking.typed)
        patient = _new(desk, booking) if known is None else filled_in(known, booking.typed, booking.origin)
        if patient != known:
            people.keep(patient, is_new=known is None)
        if known is None:
            tell_of_new(desk, store, patient, booking.event)
        else:
            tell_of_known(desk, store, patient, known, booking.event)
    store.add(people.new.values())


class _People:
    """Those whom a batch of bookings is for, as they are by now; nobody else makes or changes them until the commit.

    Who has a number is looked for once for the whole batch, and who is new is written at its end.
    """

    def __init__(self, store: PatientStore, keys: Keys, bookings: Sequence[Made]) -> None:
        self.new: dict[str, Patient] = {}
        self._store, self._keys = store, keys
        who = {_person(keys, booking.event.clinic, booking.typed) for booking in bookings}
        numbers = {number for booking in bookings if (number := self._number(booking.event.clinic, booking.typed))}
        store.one_at_a_time(who)
        self._by_number = store.of_numbers(numbers)
        self._changed: dict[str, Patient] = {}

    def find(self, clinic: str, typed: Typed) -> Patient | None:
        """Return the patient that staff named, or the one that was typed; None for somebody new."""
        named = self._store.get(clinic, typed.patient, to_change=True) if typed.patient else None
        found = named or self._typed(clinic, typed)
        return found and self._changed.get(found.id, found)

    def keep(self, patient: Patient, *, is_new: bool) -> None:
        """Note a patient who is new or was filled in."""
        self._changed[patient.id] = patient
        if patient.number_hash and patient.scheme:
            self._by_number[patient.clinic, patient.scheme, patient.number_hash] = patient
        if is_new or patient.id in self.new:
            self.new[patient.id] = patient
        else:
            self._store.replace(patient)

    def _typed(self, clinic: str, typed: Typed) -> Patient | None:
        number = self._number(clinic, typed)
        if number is not None:
            return self._by_number.get(number)
        namesakes = (patient for patient in self.new.values() if patient.clinic == clinic)
        return self._store.same_person(clinic, typed, to_change=True) or next(
            filter(typed.is_same_person, namesakes), None
        )

    def _number(self, clinic: str, typed: Typed) -> tuple[str, str, str] | None:
        return (clinic, typed.identity[0], self._keys.number_hash(clinic, *typed.identity)) if typed.identity else None


def note_uses(events: Sequence[Event]) -> Effect[tuple[Event, NeedUse]]:
    """Note which bookings use needs, or no longer do; older news than what is known changes nothing.

    A booking is made with its need and keeps it, so that events without one never say anything of needs.
    """
    told = [(event, (event, NeedUse.read(event.data))) for event in events]

    def note(store: PatientStore, uses: list[tuple[Event, NeedUse]]) -> None:
        for event, use in sorted(uses, key=lambda each: str(each[1].need)):  # nobody waits in a circle
            _note_use(store, event, use)

    return Effect([(event, each) for event, each in told if each[1].need is not None], note)


def note_use_anew(desk: Desk, event: Event, instead_of: int | None) -> None:
    """Note which need a booking uses, as it says `instead_of` the version that is known, whichever it is."""
    use = NeedUse.read(event.data)
    if use.need is None:
        return
    with desk.work() as store:
        if instead_of is not None:
            store.forget_booking(event.subject, instead_of)
        _note_use(store, event, use)


def _note_use(store: PatientStore, event: Event, use: NeedUse) -> None:
    stands = use.status != "cancelled"
    store.note_booking(event.subject, str(use.need), stands, use.created_at, event.subject_version)


def same_person(store: PatientStore, clinic: str, typed: Typed, keys: Keys) -> Patient | None:
    """Return the clinic's record of a person: by number, or without one by the rule of CONTRACTS 1, Patients."""
    if typed.identity:
        return store.by_number(clinic, typed.identity[0], keys.number_hash(clinic, *typed.identity))
    return store.same_person(clinic, typed)


def _person(keys: Keys, clinic: str, typed: Typed) -> str:
    """Return what tells a person from others, whom bookings may make at the same moment."""
    if typed.identity:
        return keys.number_hash(clinic, *typed.identity)
    return "\x1f".join((clinic, str(typed.birth_date), typed.name_key))


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
    )
