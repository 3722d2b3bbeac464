"""What patient does when it hears of bookings (DESIGN rule 3)."""

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.telling import tell_of_known, tell_of_new
from services.patient.model.patients import Patient, Typed, filled_in, new_patient
from services.patient.model.told import BookingMade, NeedUse, PersonTyped
from services.patient.store import PatientStore
from shared.contracts.booking import BOOKING_CREATED, Origin
from shared.contracts.envelope import Event
from shared.contracts.reconciling import Retold
from shared.ids import new_id


def create_or_fill(desk: Desk, event: Event) -> None:
    """Make the patient of a new booking, or fill in the known one's mobile and email where missing (PRODUCT B18).

    Either way an event tells booking who its patient is; a repeated event does nothing.
    """
    with desk.work() as store:
        if store.first_time("create_or_fill", event, desk.now):
            _follow(desk, store, event, new_id())


def create_or_fill_anew(desk: Desk, retold: Retold) -> None:
    """Do the same for a booking whose patient is not there, whatever is noted of its event, which does nothing later.

    Where booking knows the patient by an id, the record is made anew under it.
    """
    with desk.work() as store:
        for made in retold.events(BOOKING_CREATED):
            store.first_time("create_or_fill", made, desk.now)
        _follow(desk, store, retold.event, retold.patient or new_id())


def _follow(desk: Desk, store: PatientStore, event: Event, id: str) -> None:
    """Make the patient of a booking, with this id, or fill in the known one's."""
    told = BookingMade.read(event.data)
    typed = Typed.of(PersonTyped.read(desk.keys.people.open(told.person)))
    known = _known(store, event.clinic, typed, desk.keys)
    if known is None:
        made = _made(desk, event.clinic, typed, told.origin, id)
        store.add(made)
        tell_of_new(desk, store, made, event)
        return
    patient = filled_in(known, typed, told.origin)
    if patient != known:
        store.replace(patient)
    tell_of_known(desk, store, patient, known, event)


def note_use(desk: Desk, event: Event, instead_of: int | None = None) -> None:
    """Note which booking uses a need, or that it no longer does; older news than what is known changes nothing.

    A booking is made with its need and keeps it, so that events without one never say anything of needs. What is said
    `instead_of` the version that is known counts, whichever it is.
    """
    told = NeedUse.read(event.data)
    if told.need is None:
        return
    stands = told.status != "cancelled"
    with desk.work() as store:
        if instead_of is not None:
            store.forget_booking(event.subject, instead_of)
        store.note_booking(event.subject, told.need, stands, told.created_at, event.subject_version)


def same_person(store: PatientStore, clinic: str, typed: Typed, keys: Keys, *, to_change: bool) -> Patient | None:
    """Return the clinic's record of a person: by number, or without one by the rule of CONTRACTS 1, Patients."""
    if typed.identity:
        number_hash = keys.number_hash(clinic, *typed.identity)
        return store.by_number(clinic, typed.identity[0], number_hash, to_change=to_change)
    return store.same_person(clinic, typed, to_change=to_change)


def _known(store: PatientStore, clinic: str, typed: Typed, keys: Keys) -> Patient | None:
    """Return the patient that staff named, or the one that was typed, alone with them until the commit."""
    named = store.get(clinic, typed.patient, to_change=True) if typed.patient else None
    if named is not None:
        return named
    if typed.identity:
        store.one_at_a_time(keys.number_hash(clinic, *typed.identity))
    else:
        store.one_at_a_time("\x1f".join((clinic, str(typed.birth_date), typed.name_key)))
    return same_person(store, clinic, typed, keys, to_change=True)


def _made(desk: Desk, clinic: str, typed: Typed, origin: Origin, id: str) -> Patient:
    keys = desk.keys
    return new_patient(
        typed,
        id=id,
        clinic=clinic,
        number_hash=keys.number_hash(clinic, *typed.identity) if typed.identity else None,
        number_sealed=keys.numbers.seal(typed.identity[1]) if typed.identity else None,
        origin=origin,
        now=desk.now,
    )
