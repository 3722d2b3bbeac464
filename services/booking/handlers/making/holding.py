"""Keeping a time while somebody fills in the form (PRODUCT B12)."""

from typing import TYPE_CHECKING, Any

from services.booking.handlers.alternatives import Sought, offering_alternatives
from services.booking.handlers.checking import known_practitioner, known_type, who_could_take
from services.booking.handlers.desk import Desk, local
from services.booking.handlers.making.needing import needed, practitioner_of, require_practitioner
from services.booking.handlers.recording import publish
from services.booking.handlers.taking import find_free
from services.booking.model.admission.eligibility import require_welcome, welcoming
from services.booking.model.choosing import Taken
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.holds import Hold, held, is_hold, new_hold, released
from services.booking.model.requests import HoldRequest
from shared.incoming.repeats import KEPT
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

SWEPT_AT_ONCE = 200


def hold(desk: Desk, clinic: str, unread: Unread[HoldRequest]) -> dict[str, Any]:
    """Keep a time for the clinic's minutes; return the hold with whom and until when.

    The hold that it replaces is given back in the same transaction, and only where the new time is free. What keeps
    a time for an undo is not given up for it: SlotHeld says that booking will (`gives_up_undo`, PRODUCT C10). Raises
    BookingOff, FunctionOff, Invalid, LoginRequired, NoOpenNeed, NeedExpired, NewPatientsRefused, SlotNotOffered,
    SlotTaken or SlotHeld, in this order; NewPatientsRefused also where only others are free.
    """
    by_staff = desk.actor.is_staff
    rules = desk.rules(clinic)
    if not by_staff:
        rules.require_on("new")
    request = unread.read()
    type = known_type(rules, request.type, by_staff=by_staff)
    practitioner = known_practitioner(rules, type, request.practitioner, by_staff=by_staff)
    need = needed(desk, rules, type, request.need, practitioner)
    chosen = desk.require_calendar(practitioner_of(need, type, practitioner, by_staff=by_staff))
    as_new = not by_staff and need is None and _is_as_new(request, rules)
    minutes = request.minutes or (None if need is None else need.minutes)
    without_need = type.controlled_by_needs and not by_staff and need is None
    sought = Sought(
        type, request.start, chosen, as_new_patient=as_new, minutes=minutes, end=request.end, without_need=without_need
    )
    with offering_alternatives(desk, rules, sought):
        require_practitioner(sought, practitioner, rules)
        require_welcome(type, chosen, rules, known=not as_new)
        if not by_staff:
            rules.require_open_window(desk.now)
        able = who_could_take(rules, sought, desk.now, by_staff=by_staff, outside_plan=request.outside_plan)
        candidates, others = welcoming(able, rules, known=not as_new)

        def keep(store: "BookingStore") -> Hold:
            taken = find_free(
                store, desk, clinic, candidates, unwelcoming=others, own_hold=request.replaces, to_hold=True
            )
            if request.replaces is not None:
                _give_back(store, desk, request.replaces)
            return _keep(store, desk, rules, sought, taken)

        kept = desk.transaction(keep)
    return {
        "hold": kept.id,
        "practitioner": kept.practitioner,
        "start": local(kept.starts_at, rules.zone),
        "end": local(kept.ends_at, rules.zone),
        "expires": local(kept.told_until, rules.zone),
    }


def release(desk: Desk, hold: str) -> None:
    """Give a held time back; a hold that is used, ended or unknown is left as it is."""
    if not is_hold(hold):
        return

    desk.transaction(lambda store: _give_back(store, desk, hold))


def sweep(desk: Desk) -> int:
    """Give back the time of holds that the clock has ended, and forget what is long over; return how many holds."""

    def end(store: "BookingStore") -> int:
        ended = store.release_expired_holds(desk.now, SWEPT_AT_ONCE)
        publish(store, desk, *map(released, ended))
        store.forget_holds(desk.now - KEPT)
        store.forget_answers(desk.now - KEPT)
        return len(ended)

    return desk.transaction(end)


def _give_back(store: "BookingStore", desk: Desk, hold: str) -> None:
    publish(store, desk, *map(released, store.release_holds([hold])))


def _is_as_new(request: HoldRequest, rules: ClinicRules) -> bool:
    """Tell whether the time is kept with who takes new patients: so also where nobody says for whom (CONTRACTS 2).

    Who names a practitioner has chosen; and where the clinic takes no new patients at all, whoever books is known.
    """
    if request.patient is None:
        return request.practitioner is None and rules.new_patients
    return request.patient == "new"


def _keep(store: "BookingStore", desk: Desk, rules: ClinicRules, sought: Sought, taken: Taken) -> Hold:
    kept = new_hold(
        taken, sought.type.key, rules, desk.now, any_practitioner=sought.practitioner is None, revision=rules.revision
    )
    store.add_hold(kept)
    store.occupy(rules.clinic, taken.occupied(), kept.busy_from, kept.busy_to, hold=kept.id, expires_at=kept.expires_at)
    publish(store, desk, held(kept))
    return kept
