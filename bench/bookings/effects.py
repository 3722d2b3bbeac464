"""What follows from bookings, and when: the time of the commit of each effect, as PostgreSQL kept it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.bookings.observer import Observer
from shared.settings import SERVICES

TIME, PATIENT, SENT, NOTED = "time taken off", "patient recorded", "messages sent", "deliveries noted"
EFFECTS = (TIME, PATIENT, SENT, NOTED)
MESSAGES_EACH = 2
"""The clinic tells its patients by SMS and by email."""

PATIENCE_SECONDS = 300.0
_PAUSE_SECONDS = 0.25
_LAST = "extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float"

_QUERIES = {
    TIME: (
        "availability",
        f"SELECT reference, {_LAST} FROM occupants WHERE owner = 'booking' AND reference = ANY(%(keys)s) GROUP BY 1",
    ),
    PATIENT: ("patient", f"SELECT id, {_LAST} FROM patients WHERE id = ANY(%(keys)s) GROUP BY 1"),
    SENT: (
        "notification",
        f"SELECT booking, {_LAST} FROM messages WHERE booking = ANY(%(keys)s) AND state = 'sent' GROUP BY 1"
        " HAVING count(*) = %(messages)s",
    ),
    NOTED: (
        "booking",
        f"SELECT booking, {_LAST} FROM history WHERE booking = ANY(%(keys)s) AND type LIKE 'Message%%' GROUP BY 1"
        " HAVING count(*) = %(messages)s",
    ),
}
_LINKED = "SELECT patient_id, reference FROM bookings WHERE reference = ANY(%(keys)s) AND patient_id IS NOT NULL"
_PUBLISHED = (
    f"SELECT {_LAST} FROM outbox WHERE position > %(position)s"
    " HAVING coalesce(bool_and(published_at IS NOT NULL), true)"
)
_BOOKED = "SELECT body ->> 'subject' FROM outbox WHERE position > %(position)s AND type = 'BookingCreated'"
_POSITION = "SELECT coalesce(max(position), 0) FROM outbox"


@dataclass
class Effects:
    """The effects of some bookings: when each was committed, in seconds since 1970, by its booking."""

    at: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    complete_at: float = 0.0
    """When the last of it was done: the effects, and all events published."""

    def lags(self, effect: str, answered: Mapping[str, float]) -> list[float]:
        """Return the seconds from each booking's answer to this effect; 0 where that came first."""
        return [max(0.0, self.at[effect][reference] - at) for reference, at in answered.items()]


def positions(observer: Observer) -> dict[str, int]:
    """Return where each outbox ends just now."""
    return {service: int(observer.rows(service, _POSITION)[0][0]) for service in SERVICES}


def awaited(observer: Observer, before: Mapping[str, int]) -> Effects:
    """Return the effects of all bookings made since the outboxes ended where `before` says, once all are there."""
    references = [row[0] for row in observer.rows("booking", _BOOKED, position=before["booking"])]
    at: dict[str, dict[str, float]] = {effect: {} for effect in EFFECTS}
    end = time.monotonic() + PATIENCE_SECONDS
    while missing := [effect for effect in EFFECTS if len(at[effect]) < len(references)]:
        if time.monotonic() > end:
            raise SystemExit(f"not done after {PATIENCE_SECONDS:.0f} s: {', '.join(missing)}")
        time.sleep(_PAUSE_SECONDS)
        at |= {effect: _found(observer, effect, references) for effect in missing}
    published = [_published(observer, service, position, end) for service, position in before.items()]
    last = [max(times.values()) for times in at.values()]
    return Effects(at, max(*last, *published))


def _found(observer: Observer, effect: str, references: Sequence[str]) -> dict[str, float]:
    booked = {key: key for key in references}
    if effect == PATIENT:
        booked = dict(observer.rows("booking", _LINKED, keys=list(references)))
    service, query = _QUERIES[effect]
    found = observer.rows(service, query, keys=list(booked), messages=MESSAGES_EACH)
    return {booked[key]: at for key, at in found}


def _published(observer: Observer, service: str, position: int, end: float) -> float:
    """Return when the last event behind a position of an outbox was noted as published; 0 where there is none."""
    while not (found := observer.rows(service, _PUBLISHED, position=position)):
        if time.monotonic() > end:
            raise SystemExit(f"{service} has not published its events")
        time.sleep(_PAUSE_SECONDS)
    return float(found[0][0] or 0.0)
