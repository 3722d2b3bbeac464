"""What the link of a recall without a time is for, and what has become of it (PRODUCT B9, R2)."""

from typing import Any

from services.booking.handlers.desk import Desk
from services.booking.model.needs import CLOSED, EXPIRED, OPEN, USED, Need
from shared.contracts.errors import NotFound
from shared.links import need_of

View = dict[str, Any]


def open_need(desk: Desk, token: str) -> View:
    """Return `{clinic, need}` of a recall's link, the need as CONTRACTS 2 writes one but for its patient and booking.

    It opens whatever has become of the need, so that the page can say so. Raises NotFound for a forged token.
    """
    id = need_of(desk.keys.links, token) if isinstance(token, str) else None
    need, is_used = _found(desk, id) if id else (None, False)
    if need is None:
        raise NotFound.because("This link opens nothing.")
    rules = desk.rules(need.clinic)
    return {
        "clinic": need.clinic,
        "need": {
            "id": need.id,
            "type": need.type,
            "practitioner": need.practitioner,
            "minutes": need.minutes,
            "week": need.week,
            "state": _state(need, is_used=is_used, has_expired=rules.has_expired(need, desk.today(rules))),
            "usable_until": rules.usable_until(need),
        },
    }


def _found(desk: Desk, id: str) -> tuple[Need | None, bool]:
    with desk.work.snapshot() as store:
        return store.need_of_any_clinic(id), store.booking_of_need(id) is not None


def _state(need: Need, *, is_used: bool, has_expired: bool) -> str:
    if need.state == CLOSED:
        return CLOSED
    if is_used:
        return USED
    return EXPIRED if has_expired else OPEN
