"""The numbers that stand in the console's navigation, asked at most once for what has changed since."""

import json
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import redis

from gateway.clients.services import Services
from shared.contracts.errors import Refusal

_log = logging.getLogger(__name__)
_SECONDS, _SECONDS_IN_PART = 30, 5
_PATIENCE = 1.0
"""Seconds that a page waits for its numbers: it is not shown for them."""

Counts = Mapping[str, int]


class Counted(NamedTuple):
    """A number: the service that knows it, by which method, and in which field of the answer."""

    service: str
    method: str
    field: str


COUNTED: Mapping[str, Counted] = {
    "watch_list": Counted("booking", "watch_list_count", "open"),
    "messages": Counted("notification", "failed_count", "failed"),
}


def counts_of(services: Services, clinic: str, whose: str) -> Counts:
    """Return the numbers of a clinic as `whose` calendar's owner sees them; what nobody can tell now is left out.

    They are kept for half a minute, as long as nothing happens at the clinic; for seconds where some are missing, so
    that not every page waits for who is away.
    """
    mark, key = services.pulse.mark(clinic), f"frontdesk:counts:{clinic}:{whose}"
    known = _known(services, key)
    if known is not None and known["mark"] == mark:
        counts: Counts = known["counts"]
        return counts
    asked = {name: _ask(services, each, clinic) for name, each in COUNTED.items()}
    found = {name: _answer(reply, COUNTED[name].field) for name, reply in asked.items()}
    counts = {name: number for name, number in found.items() if number is not None}
    seconds = _SECONDS if len(counts) == len(COUNTED) else _SECONDS_IN_PART
    _keep(services, key, json.dumps({"mark": mark, "counts": counts}), seconds)
    return counts


def _known(services: Services, key: str) -> dict[str, Any] | None:
    try:
        kept: Any = services.cache.get(key)
    except redis.RedisError:
        return None
    return None if kept is None else dict(json.loads(kept))


def _keep(services: Services, key: str, kept: str, seconds: int) -> None:
    try:
        services.cache.set(key, kept, ex=seconds)
    except redis.RedisError:
        _log.warning("Redis does not answer: counts are asked for again")


def _ask(services: Services, counted: Counted, clinic: str) -> Any:
    """Return the reply to come, None where nobody can be asked."""
    try:
        service = getattr(services, counted.service).with_timeout(_PATIENCE)
        return getattr(service, counted.method).call_async(clinic)
    except Refusal:
        return None


def _answer(reply: Any, field: str) -> int | None:
    try:
        return None if reply is None else int(reply.result()[field])
    except Refusal:
        return None
