"""Free times for whoever asks: ready from the slot cache, or asked of availability once for all who want the same.

A warm search costs one round trip to Redis and no RPC. A cold one is asked by a single request of a single process;
the others wait for it (`_Flight`), since a day that many people want is asked for by all of them at once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

import eventlet
import orjson
from eventlet.event import Event

from shared.clinic.document import KEY
from shared.contracts.availability import MOST_DAYS_OF_LEVELS, MOST_DAYS_OF_SLOTS
from shared.contracts.errors import Invalid
from shared.storage.slot_cache import Kept, Question, SlotCache, entries_by_day

Kind = Literal["days", "slots", "next_slots"]
Asked = Mapping[str, Any]
Entries = list[bytes]

_MOST_DAYS: Mapping[Kind, int] = {
    "days": MOST_DAYS_OF_LEVELS,
    "slots": MOST_DAYS_OF_SLOTS,
    "next_slots": MOST_DAYS_OF_SLOTS,
}
_DAY = timedelta(days=1)
_WHO = {None: False, "known": False, "new": True}
"""What `for` may say, and whether it then is another question: who is known is shown what everybody is."""
_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 1.0
"""How long a process waits for another one's search before it makes its own."""

_CHANGE_SECONDS = 0.5
"""How long somebody waits to see what they have changed; it takes some hundredths of a second."""


class _Flight(NamedTuple):
    """One search that is on its way: what is asked, for which dates, under which stamps.

    The stamps are part of it: who has seen a newer state never gets the answer of an older question.
    """

    question: Question
    days: tuple[str, ...]
    stamps: tuple[bytes, ...]

    def name(self) -> str:
        """Return its name among all processes."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


class Search:
    """One per process."""

    def __init__(self, cache: SlotCache) -> None:
        self._cache = cache
        self._flights: dict[_Flight, Event] = {}

    def find(self, availability: Any, kind: Kind, clinic: str, asked: Asked) -> bytes:
        """Return `{"days": […]}`, `{"slots": […]}` or `{"next_slots": […]}` as JSON; raise what availability refuses.

        What is not plainly right is left to availability to judge: it alone knows the rules of the parameters.
        """
        who = asked.get("for")
        question = Question(kind, clinic, asked.get("type", ""), asked.get("practitioner"), _WHO.get(who, False))
        can_be = who in _WHO and _can_be(question)
        days = asked_days(asked.get("from", ""), asked.get("to", ""), _MOST_DAYS[kind]) if can_be else ()
        kept = self._cache.look_up(question, days) if days else None
        if kept is None:
            return orjson.dumps(_searched(availability, kind, clinic, asked))
        entries: Sequence[bytes | None] = kept.entries
        if None in entries:
            entries = self._completed(availability, question, days, kept)
        return b'{"%b":[%b]}' % (kind.encode(), b",".join([entry for entry in entries if entry]))

    def rows(self, availability: Any, kind: Kind, clinic: str, asked: Asked) -> list[dict[str, Any]]:
        """Return the days or slots that `find` does, read."""
        found: list[dict[str, Any]] = orjson.loads(self.find(availability, kind, clinic, asked))[kind]
        return found

    def seen(self, clinic: str, day: str) -> bytes | None:
        """Return what a date is now, None where nothing of it is known, to tell later whether it has changed."""
        before = self._cache.before(clinic, [day])
        return None if before is None else before.generations[day]

    def wait_for_change(self, clinic: str, day: str, seen: bytes | None) -> None:
        """Return when a date is another than it was `seen`, or after a moment; at once where nothing was known."""
        waits = 0 if seen is None else round(_CHANGE_SECONDS / _POLL_SECONDS)
        while waits and self.seen(clinic, day) == seen:
            waits -= 1
            eventlet.sleep(_POLL_SECONDS)

    def _completed(self, availability: Any, question: Question, days: tuple[str, ...], kept: Kept) -> Entries:
        """Return all entries, those from the first to the last missing one searched anew."""
        missing = [index for index, entry in enumerate(kept.entries) if entry is None]
        first, beyond = missing[0], missing[-1] + 1
        flight = _Flight(question, days[first:beyond], kept.stamps[first:beyond])
        known = [entry or b"" for entry in kept.entries]
        return known[:first] + self._boarded(availability, flight) + known[beyond:]

    def _boarded(self, availability: Any, flight: _Flight) -> Entries:
        """Return the entries of a flight, started here unless it is on its way already; its refusal is everybody's."""
        started = self._flights.get(flight)
        if started is not None:
            shared: Entries = started.wait()
            return shared
        landing = self._flights[flight] = Event()
        try:
            found = self._searched(availability, flight)
        except BaseException as failed:
            landing.send_exception(failed)
            raise
        else:
            landing.send(found)
            return found
        finally:
            del self._flights[flight]

    def _searched(self, availability: Any, flight: _Flight) -> Entries:
        """Ask availability, unless another process does so right now: then its answer is waited for, not for long."""
        name, waits = flight.name(), round(_PATIENCE_SECONDS / _POLL_SECONDS)
        while not (is_ours := self._cache.claim(name)) and waits:
            waits -= 1
            eventlet.sleep(_POLL_SECONDS)
            kept = self._cache.look_up(flight.question, flight.days)
            if kept is not None and None not in kept.entries:
                return [entry or b"" for entry in kept.entries]
        try:
            return _ask(availability, flight)
        finally:
            if is_ours:
                self._cache.release(name)


def _ask(availability: Any, flight: _Flight) -> Entries:
    kind, clinic, type_key, practitioner, as_new_patient = flight.question
    query = {"type": type_key, "from": flight.days[0], "to": flight.days[-1]}
    if practitioner is not None:
        query["practitioner"] = practitioner
    if as_new_patient:
        query["for"] = "new"
    rows = _searched(availability, cast("Kind", kind), clinic, query)[kind]
    return list(entries_by_day(rows, flight.days).values())


def _searched(availability: Any, kind: Kind, clinic: str, query: Asked) -> dict[str, Any]:
    """Return what availability answers; of version 0.1.0, which may serve beside this gateway, to everybody alike."""
    search = getattr(availability, kind)
    try:
        found: dict[str, Any] = search(clinic, **query)
    except Invalid as refused:
        if query.get("for") not in _WHO or list(refused.extra.get("errors", {})) != ["for"]:
            raise
        found = search(clinic, **{name: value for name, value in query.items() if name != "for"})
    return found


def _can_be(question: Question) -> bool:
    """Tell whether such a question can have been kept: odd keys would only fill memories."""
    keys = (question.clinic, question.type, question.practitioner or "any")
    return all(KEY.fullmatch(key) for key in keys)


def asked_days(first: str, last: str, most: int) -> tuple[str, ...]:
    """Return the dates from `first` to `last`, none where they are not two dates at most `most` days apart."""
    return _days_between(first, last, most) if len(first) == len(last) == len("2026-12-01") else ()


@lru_cache(256)
def _days_between(first: str, last: str, most: int) -> tuple[str, ...]:
    start, end = _date(first), _date(last)
    if start is None or end is None or not 0 <= (end - start).days < most:
        return ()
    return tuple((start + index * _DAY).isoformat() for index in range((end - start).days + 1))


def _date(text: str) -> date | None:
    """Return the date that `text` writes as the contract does, `2026-12-01`."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None
