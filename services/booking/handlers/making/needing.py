"""What a need decides: who may book with it, with whom and for how long (PRODUCT B9, B10)."""

from collections.abc import Callable
from typing import Any

from services.booking.handlers.alternatives import Sought
from services.booking.handlers.checking import known_practitioner, known_type
from services.booking.handlers.desk import Desk, present
from services.booking.model.admission.eligibility import require_proof
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.needs import Need, expired, no_open_need
from services.booking.model.requests import NeedSearch
from shared.contracts.errors import NeedExpired, NoOpenNeed, SlotNotOffered
from shared.proofs import Proof

View = dict[str, Any]


def days_for_need(desk: Desk, clinic: str, query: NeedSearch) -> View:
    """Return `{"days": […]}` as `availability.days`, for the length and the practitioner of the caller's need.

    Raises NotFound, Invalid, LoginRequired, NoOpenNeed or NeedExpired.
    """
    return _searched(desk, clinic, query, "days")


def slots_for_need(desk: Desk, clinic: str, query: NeedSearch) -> View:
    """Return `{"slots": […]}` as `availability.slots`, for the length and the practitioner of the caller's need.

    Raises what `days_for_need` does.
    """
    return _searched(desk, clinic, query, "slots")


def _searched(desk: Desk, clinic: str, query: NeedSearch, kind: str) -> View:
    by_staff = desk.actor.is_staff
    rules = desk.rules(clinic)
    type = known_type(rules, query.type, by_staff=by_staff)
    practitioner = known_practitioner(rules, type, query.practitioner, by_staff=by_staff)
    if not by_staff and not rules.is_on("new"):
        return {kind: []}
    by_need = by_staff or wants_need(type, query.need)
    need = needed(desk, rules, type, query.need, practitioner) if by_need else None
    practitioner = desk.require_calendar(practitioner_of(need, type, practitioner, by_staff=by_staff))
    if practitioner is not None and practitioner not in rules.practitioners:
        return {kind: []}  # the need names somebody who has left the clinic since
    asked: dict[str, Any] = {"type": type.key, "from": query.first.isoformat(), "to": query.last.isoformat()}
    if need is None and type.controlled_by_needs and not by_staff:
        asked["without_need"] = True
    minutes = None if need is None else need.minutes
    found: View = getattr(desk.availability, kind)(
        rules.clinic, **asked, **present(practitioner=practitioner, minutes=minutes)
    )
    return found


def needed(desk: Desk, rules: ClinicRules, type: TypeRules, named: str | None, asked: str | None) -> Need | None:
    """Return the need that the caller searches or holds with; None where none is asked for and none is named.

    Whom they have `asked` for may take the type without. Staff may name any open need of their clinic.
    Raises LoginRequired, NoOpenNeed or NeedExpired.
    """
    if desk.actor.is_staff:
        return None if named is None else named_need(desk, rules, type, named)
    proof = desk.proof(rules.clinic)
    by_need = takes_need(type, named, asked, proof)
    require_proof(proof, rules, by_need=by_need)
    found = own_need(desk, rules, type, proof, named, asked) if by_need else None
    if by_need and found is None:
        require_proof(proof, rules, by_need=False)
    return found


def takes_need(type: TypeRules, named: str | None, asked: str | None, proof: Proof) -> bool:
    """Tell whether a patient's needs are looked for.

    Not where nothing is proven and who is asked for takes the type without (PRODUCT B9, `needs.without`).
    """
    return wants_need(type, named) and (proof.opens_needs or not can_do_without(type, named, asked))


def can_do_without(type: TypeRules, named: str | None, asked: str | None) -> bool:
    """Tell whether a type that is controlled by needs is booked without one with whom is `asked` for (None: any)."""
    return named is None and bool(type.without_need) and asked in {None, *type.without_need}


def own_need(
    desk: Desk,
    rules: ClinicRules,
    type: TypeRules,
    proof: Proof,
    named: str | None,
    asked: str | None,
    is_theirs: Callable[[Need], bool] = lambda _need: True,
) -> Need | None:
    """Return the need that a patient books with; None where none fits and who is `asked` for takes the type without.

    Raises NoOpenNeed or NeedExpired.
    """
    without = can_do_without(type, named, asked)
    try:
        need = usable_need(desk, rules, type, proof, named, is_theirs)
    except (NoOpenNeed, NeedExpired):
        if without:
            return None
        raise
    is_with_another = asked is not None and practitioner_of(need, type, asked, by_staff=False) != asked
    return None if without and is_with_another else need


def wants_need(type: TypeRules, named: str | None) -> bool:
    """Tell whether a patient books with a need: always where the type is controlled by needs, else if they name one."""
    return type.controlled_by_needs or named is not None


def usable_need(
    desk: Desk,
    rules: ClinicRules,
    type: TypeRules,
    proof: Proof,
    named: str | None,
    is_theirs: Callable[[Need], bool] = lambda _need: True,
) -> Need:
    """Return the earliest need of a type that `proof` opens and that can be used today, or the one `named`.

    `is_theirs` leaves out needs of others on the same telephone. Raises NoOpenNeed or NeedExpired.
    """
    found = [need for need in _opened(desk, rules.clinic, type.key, proof) if named in {None, need.id}]
    theirs = [need for need in found if is_theirs(need)]
    for need in theirs:
        if not rules.has_expired(need, desk.today(rules)):
            return need
    raise expired(rules.phone) if theirs else no_open_need(rules.phone)


def named_need(desk: Desk, rules: ClinicRules, type: TypeRules, named: str) -> Need:
    """Return the open need that staff name, also one that patients can no longer use; raise NoOpenNeed."""
    with desk.work.reading() as store:
        need = store.open_need(rules.clinic, named, desk.now)
    if need is None or need.type != type.key:
        raise no_open_need(rules.phone)
    return need


def practitioner_of(need: Need | None, type: TypeRules, asked: str | None, *, by_staff: bool) -> str | None:
    """Return with whom it is: the need says so, unless the type lets the patient choose or the need leaves it open.

    Whom staff name, it is.
    """
    if need is None or need.practitioner is None or type.choose_practitioner or (by_staff and asked is not None):
        return asked
    return need.practitioner


def require_practitioner(sought: Sought, asked: str | None, rules: ClinicRules) -> None:
    """Refuse a time with somebody else than the need names, and any time with who has left the clinic since."""
    if asked is not None and sought.practitioner != asked:
        raise SlotNotOffered.because("You were called to another practitioner; choose one of their times.")
    if sought.practitioner is not None and sought.practitioner not in rules.practitioners:
        raise SlotNotOffered.because("Nobody can take this time.")


def _opened(desk: Desk, clinic: str, type: str, proof: Proof) -> list[Need]:
    """Return the open needs of a type that are proven to be the caller's, in the order in which to use them."""
    if proof.need is not None:
        with desk.work.reading() as store:
            need = store.open_need(clinic, proof.need, desk.now)
        return [] if need is None or need.type != type else [need]
    patients = desk.patients_of(clinic, proof)
    with desk.work.reading() as store:
        return store.open_needs(clinic, type, desk.now, patients=patients)
