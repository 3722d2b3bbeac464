"""Holding a time and giving it back, whether by a page or a program: so many at once (B12; CONTRACTS 2, Limits)."""

from collections.abc import Mapping
from typing import Any

from gateway.clients.services import Services
from shared.contracts.errors import Invalid, Refusal, Timeout


def hold(
    services: Services, address: str, clinic: str, wanted: Mapping[str, Any], visit: str = "", before: str = ""
) -> dict[str, Any]:
    """Hold the `wanted` time for who is behind `address`; return the hold.

    The one that `wanted` names under `replaces`, that was held `before`, or else the last of the `visit` is given back
    with it, once the new time is taken. Raises RateLimited, and what booking refuses.
    """
    standing, named = services.door.holds, wanted.get("replaces") or before
    place = standing.ask(clinic, address, visit, named if isinstance(named, str) else "")
    try:
        if place.replaces and "replaces" not in wanted:
            held = _held_instead(services, clinic, wanted, place.replaces)
        else:
            held = services.booking.hold(clinic, **wanted)
    except Timeout:  # it may have been held
        raise
    except Refusal:
        standing.give_up(place)
        raise
    standing.keep(place, held["hold"], held["expires"])
    return held


def _held_instead(services: Services, clinic: str, wanted: Mapping[str, Any], replaced: str) -> dict[str, Any]:
    try:
        held: dict[str, Any] = services.booking.hold(clinic, **wanted, replaces=replaced)
    except Invalid as refused:
        if list(refused.extra.get("errors", {})) != ["replaces"]:
            raise
        # booking of version 0.1.0 does not know of it: during an upgrade it serves beside this gateway
        held = services.booking.hold(clinic, **wanted)
        services.booking.release(replaced)
    return held


def release(services: Services, hold: str) -> None:
    """Give a held time back; one that is gone already is given back as well. Raises what booking refuses."""
    services.booking.release(hold)
    services.door.holds.is_over(hold)
