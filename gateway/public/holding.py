"""Holding a time and giving it back, whether by a page or a program: so many at once (B12; CONTRACTS 2, Limits)."""

from collections.abc import Mapping
from typing import Any

from gateway.access.rush import taking
from gateway.clients.services import Services
from shared.contracts.errors import Invalid, Refusal, Timeout


def hold(
    services: Services, address: str, clinic: str, wanted: Mapping[str, Any], visit: str = "", before: str = ""
) -> dict[str, Any]:
    """Hold the `wanted` time for who is behind `address`; return the hold.

    The one that `wanted` names under `replaces`, that was held `before`, or else the last of the `visit` is given back
    with it, once the new time is taken. Raises Busy, RateLimited, and what booking refuses.
    """
    with services.door.rush.entered(taking(clinic), address):
        return _counted(services, address, clinic, wanted, visit, before)


def _counted(
    services: Services, address: str, clinic: str, wanted: Mapping[str, Any], visit: str, before: str
) -> dict[str, Any]:
    standing, named = services.door.holds, wanted.get("replaces") or before
    place = standing.ask(clinic, address, visit, named if isinstance(named, str) else "")
    try:
        own = {"replaces": place.replaces} if place.replaces and "replaces" not in wanted else {}
        held = _held(services, clinic, wanted, own)
    except Timeout:  # it may have been held
        raise
    except Refusal:
        standing.give_up(place)
        raise
    standing.keep(place, held["hold"], held["expires"])
    return held


def _held(services: Services, clinic: str, wanted: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """Hold what is `wanted`; `own` is what this gateway adds to it."""
    asked = {**wanted, **own}
    try:
        held: dict[str, Any] = services.booking.hold(clinic, **asked)
    except Invalid as refused:
        wrong = set(refused.extra.get("errors", {}))
        if not wrong or not wrong <= {*own, *(["for"] if wanted.get("for") in ("new", "known") else [])}:
            raise
        # booking of version 0.1.0 does not know of them: during an upgrade it serves beside this gateway
        held = services.booking.hold(clinic, **{name: value for name, value in asked.items() if name not in wrong})
        if "replaces" in wrong:
            services.booking.release(own["replaces"])
    return held


def release(services: Services, hold: str) -> None:
    """Give a held time back; one that is gone already is given back as well. Raises what booking refuses."""
    services.booking.release(hold)
    services.door.holds.is_over(hold)
