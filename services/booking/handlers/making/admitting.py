"""Who may book what they wish for (PRODUCT B7, B8, B9, S13): whom the clinic knows, how old, with which need."""

from typing import TYPE_CHECKING

from services.booking.handlers.desk import Desk, Pending
from services.booking.handlers.making.needing import named_need, own_need
from services.booking.handlers.making.wishing import Wish
from services.booking.model.admission.eligibility import is_known_patient_needed, require_age, require_welcome
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.needs import Need, no_open_need
from shared.contracts.errors import NeedExpired, NoOpenNeed
from shared.contracts.plain import plain

if TYPE_CHECKING:
    from services.booking.store import BookingStore

_ASKED = ("identity", "birth_date", "first_name", "last_name", "mobile", "email")


def identify(desk: Desk, rules: ClinicRules, wish: Wish) -> Pending | None:
    """Ask who the patient is, but only where a rule depends on it: whoever has a need or a record is known."""
    if (
        wish.by_staff
        or wish.person.patient is not None
        or not is_known_patient_needed(wish.type, wish.with_whom, rules)
    ):
        return None
    return _asked_who(desk, rules, wish)


def require_may_book(rules: ClinicRules, wish: Wish, *, known: bool) -> None:
    """Refuse patients whom the clinic does not take, and those who are too young on the day."""
    require_welcome(wish.type, wish.with_whom, rules, known=known)
    day = wish.request.start.astimezone(rules.zone).date()
    require_age(wish.person.birth_date, wish.type, day)


def with_need(desk: Desk, rules: ClinicRules, wish: Wish) -> Wish:
    """Return the wish with the need that it uses, if any; what the need says comes with it.

    Patients are refused with NoOpenNeed or NeedExpired, after what CONTRACTS 2 puts before. Staff need none, and use
    the patient's earliest one by themselves, also one that its patient can no longer use.
    """
    if wish.by_staff:
        need = _need_for_staff(desk, rules, wish)
        return wish if need is None else wish.with_need(need)
    if not wish.wants_need:
        return wish
    try:
        need = own_need(
            desk,
            rules,
            wish.type,
            wish.proof,
            wish.request.need,
            wish.with_whom,
            lambda found: _is_theirs(desk, rules, wish, found),
        )
    except (NoOpenNeed, NeedExpired):
        asking = identify(desk, rules, wish)
        require_may_book(rules, wish, known=asking is None or bool(asking.result()["known"]))
        raise
    return wish if need is None else wish.with_need(need, as_its_patient=True)


def claimed(store: "BookingStore", desk: Desk, rules: ClinicRules, wish: Wish) -> Need | None:
    """Return the wish's need, kept from everybody else until the commit, or None where it has none.

    Raises NoOpenNeed where it was used or closed meanwhile; staff then book without.
    """
    if wish.need is None or store.claim_need(rules.clinic, wish.need.id, desk.now):
        return wish.need
    if wish.by_staff:
        return None
    raise no_open_need(rules.phone)


def _need_for_staff(desk: Desk, rules: ClinicRules, wish: Wish) -> Need | None:
    patient = wish.person.patient
    if wish.request.need is not None:
        need = named_need(desk, rules, wish.type, wish.request.need)
        if patient not in {None, need.patient}:
            raise no_open_need(rules.phone)
        return need
    if patient is None and wish.type.controlled_by_needs:
        patient = _asked_who(desk, rules, wish).result()["patient"]
    if patient is None:
        return None
    with desk.work.reading() as store:
        return next(iter(store.open_needs(rules.clinic, wish.type.key, desk.now, patients=[patient])), None)


def _is_theirs(desk: Desk, rules: ClinicRules, wish: Wish, need: Need) -> bool:
    """Tell whether the typed number is that of the need's patient; without numbers nothing typed can tell."""
    known = desk.open_person(need.person).identity
    return not rules.asks_for_number or known is None or known == wish.person.identity


def _asked_who(desk: Desk, rules: ClinicRules, wish: Wish) -> Pending:
    person = plain(wish.person)
    return desk.patients.identify.call_async(rules.clinic, **{name: person[name] for name in _ASKED})
