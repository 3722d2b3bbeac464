"""The first free times from a moment on (B20), from kept days: a fortnight, and more only where that has too few."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gateway.clients.search import Search
from shared.contracts.availability import MOST_DAYS_OF_SLOTS

MOST = 10
"""How many times are told at once."""

_FORTNIGHT = timedelta(days=14)
_FARTHEST = timedelta(days=120)
_APART = timedelta(hours=1)
_DAY = timedelta(days=1)

Slot = Mapping[str, Any]


@dataclass(frozen=True)
class NextTimes:
    """Looks for the first free times of a clinic from `after` (in its zone) on, to its `last` day at most, if any.

    `asked` is what searches take besides dates: `type`, and `practitioner` and `for` where they are given.
    """

    search: Search
    availability: Any
    clinic: str
    asked: Mapping[str, str]
    after: datetime
    last: date | None

    def first(self, count: int) -> list[Slot]:
        """Return at most `count` free times, spread: not two within the hour, several days where there are."""
        return spread(self._until(lambda slots: len(spread(slots, count)) >= count and _days(slots) > 1), count)

    def first_of_each(self, practitioners: Sequence[str], count: int) -> dict[str, list[Slot]]:
        """Return at most `count` free times of each of them, and under "" of whoever is free."""
        found = self._until(
            lambda slots: all(any(key in each["practitioners"] for each in slots) for key in practitioners)
        )
        own = {key: [each for each in found if key in each["practitioners"]] for key in practitioners}
        return {key: spread(slots, count) for key, slots in {"": found, **own}.items()}

    def _until(self, is_enough: Callable[[list[Slot]], bool]) -> list[Slot]:
        found: list[Slot] = []
        for first, last in self._ranges():
            query = {**self.asked, "from": first.isoformat(), "to": last.isoformat()}
            rows = self.search.rows(self.availability, "next_slots", self.clinic, query)
            found += [each for each in rows if datetime.fromisoformat(each["start"]) >= self.after]
            if is_enough(found):
                break
        return found

    def _ranges(self) -> Iterator[tuple[date, date]]:
        """Yield the dates that are looked at together, first those that nearly always are enough."""
        first = self.after.date()
        end = min(self.last or date.max, first + _FARTHEST)
        last = first + _FORTNIGHT - _DAY
        while first <= end:
            yield first, min(last, end)
            first, last = last + _DAY, last + timedelta(days=MOST_DAYS_OF_SLOTS)


def spread(slots: Sequence[Slot], count: int) -> list[Slot]:
    """Return at most `count` of the slots, the first ones an hour or more apart, of three days where there are."""
    by_day: dict[str, list[Slot]] = {}
    before: datetime | None = None
    for slot in slots:
        start = datetime.fromisoformat(slot["start"])
        if before is None or start - before >= _APART:
            by_day.setdefault(slot["start"][:10], []).append(slot)
            before = start
    of_a_day = -(-count // 3)
    first = [slot for its in by_day.values() for slot in its[:of_a_day]][:count]
    more = [slot for its in by_day.values() for slot in its[of_a_day:]][: count - len(first)]
    return sorted((*first, *more), key=lambda slot: datetime.fromisoformat(slot["start"]))


def _days(slots: Sequence[Slot]) -> int:
    return len({slot["start"][:10] for slot in slots})
