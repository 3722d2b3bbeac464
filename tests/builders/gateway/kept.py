"""What services answer of how long they keep things, and what goes."""

from collections.abc import Callable
from typing import Any

from shared.clinic.retention import ACCESS_LOG, BOOKINGS, MESSAGES, NEEDS, PATIENTS, WATCH_LIST
from tests.builders.gateway.world import World

RAN_AT = "2026-11-22T00:12:00+01:00"


def tell_of_retention(world: World, **over: int) -> None:
    """Let periods delete so much of each kind, none where nothing is said; the access log was looked through last."""
    world.notification.answers["retention"] = _told(over, MESSAGES)
    world.booking.answers["retention"] = _told(over, BOOKINGS, WATCH_LIST)
    world.patient.answers["retention"] = _told(over, ACCESS_LOG, NEEDS, PATIENTS)


def _told(over: dict[str, int], *kinds: str) -> Callable[..., dict[str, Any]]:
    def told(_clinic: str, *, count: bool = True, **periods: str) -> dict[str, Any]:
        rows = [_row(kind, periods.get(kind), over, count=count) for kind in kinds if kind in (periods or kinds)]
        return {"retention": rows}

    return told


def _row(kind: str, period: str | None, over: dict[str, int], *, count: bool) -> dict[str, Any]:
    has_run = kind == ACCESS_LOG
    return {
        "kind": kind,
        "period": period or ("1830d" if has_run else None),
        "over": over.get(kind, 0) if count and (period or has_run) else None,
        "is_more": over.get(kind, 0) == 10_000,
        "ran_at": RAN_AT if has_run else None,
        "deleted": 41 if has_run else None,
    }
