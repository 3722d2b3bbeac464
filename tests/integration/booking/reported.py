"""A clinic's bookings as they go, noted down by hand, beside what booking's report makes of them (PRODUCT A2)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shared.actor import PUBLIC
from tests.builders.booking.world import STAFF, START
from tests.integration.booking.calls import Calls

ZONE = ZoneInfo("Europe/Stockholm")
TYPES, PRACTITIONERS = ("visit", "roomy"), ("anna", "bo")
_PAST_THE_MINUTE = timedelta(minutes=2)


@dataclass
class Standing:
    """A booking as it is by now."""

    reference: str
    type: str
    practitioner: str
    start: datetime
    version: int
    status: str = "booked"


@dataclass
class Diary:
    """What happens, and what of it counts: `counted[day, type, practitioner, what]`, told by nobody but ourselves."""

    calls: Calls
    chance: Random
    standing: list[Standing] = field(default_factory=list)
    counted: Counter[tuple[date, str, str, str]] = field(default_factory=Counter)
    taken: int = 0

    @property
    def today(self) -> date:
        """The clinic's date."""
        return self.calls.world.now.astimezone(ZONE).date()

    def goes_on(self) -> None:
        """Let one thing happen, a while after the last."""
        self.calls.world.now += timedelta(minutes=self.chance.choice((3, 700, 1500)))
        act = self.chance.choice((self._book, self._book, self._move, self._cancel, self._at_midnight, self._miss))
        act()

    def _next_start(self) -> datetime:
        self.taken += 1
        return START + timedelta(hours=self.taken)

    def _book(self) -> None:
        start, type, who = self._next_start(), self.chance.choice(TYPES), self.chance.choice(PRACTITIONERS)
        actor = self.chance.choice((STAFF, PUBLIC))
        shown = self.calls.book(actor, key=f"{self.taken}", start=start.isoformat(), type=type, practitioner=who)
        self.standing.append(Standing(shown["reference"], type, who, start, 1))
        self.counted[self.today, type, who, "bookings"] += 1

    def _one(self, *statuses: str) -> Standing | None:
        fitting = [each for each in self.standing if each.status in statuses]
        return self.chance.choice(fitting) if fitting else None

    def _move(self) -> None:
        one = self._one("booked")
        if one is None:
            return
        start, who = self._next_start(), self.chance.choice(PRACTITIONERS)
        before = (one.practitioner, one.start, one.status)
        shown = self.calls.change(STAFF, one.reference, start=start.isoformat(), practitioner=who)
        one.version, one.practitioner, one.start = shown["version"], who, start
        self._count(one, "moves", before)

    def _cancel(self) -> None:
        one = self._one("booked")
        if one is None:
            return
        before = (one.practitioner, one.start, one.status)
        one.version = self.calls.cancel_as_staff(STAFF, one.reference)["version"]
        one.status = "cancelled"
        self._count(one, "cancellations", before)

    def _count(self, one: Standing, what: str, before: tuple[str, datetime, str]) -> None:
        key = (self.today, one.type, one.practitioner, what)
        self.counted[key] += 1
        if self.chance.random() < 0.5:  # at once, or it is too late: midnight may lie between
            self.calls.world.now += timedelta(seconds=self.chance.choice((5, 40)))
            one.version = self.calls.undo(STAFF, one.reference, one.version)["version"]
            one.practitioner, one.start, one.status = before
            self.counted[key] -= 1
        self.calls.world.now += _PAST_THE_MINUTE

    def _at_midnight(self) -> None:
        """Let a change be made just before midnight, so that it may be taken back on the next day."""
        now = self.calls.world.now.astimezone(ZONE)
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), ZONE)
        self.calls.world.now += midnight - timedelta(seconds=20) - now
        self.chance.choice((self._move, self._cancel))()

    def _miss(self) -> None:
        one = self._one("booked", "missed")
        if one is None:
            return
        now, on = self.calls.world.now, one.status == "booked"
        self.calls.world.now = max(now, one.start)
        one.version = self.calls.mark_no_show(one.reference, on=on)["version"]
        self.calls.world.now = now
        one.status = "missed" if on else "booked"
        day = one.start.astimezone(ZONE).date()
        self.counted[day, one.type, one.practitioner, "missed"] += 1 if on else -1
