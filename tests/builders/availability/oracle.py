"""The slot search once more, slow and plain: minutes, loops and datetimes, straight from the text of CONTRACTS 1.

It shares no code with the search and reads the document itself; where the two differ, one of them is wrong.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, product
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Document = dict[str, Any]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Taken(NamedTuple):
    """Occupied time: `practitioner:…` or `resource:…`, from and to in UTC."""

    resource: str
    start: datetime
    end: datetime


class Moved(NamedTuple):
    """The booking that is being moved."""

    practitioner: str
    minutes: int
    start: datetime
    present_on: date


class Time(NamedTuple):
    """A time that may be booked, in UTC."""

    start: datetime
    end: datetime
    practitioner: str


@lru_cache(maxsize=400)
def _minutes_around(zone: str, day: date) -> list[tuple[datetime, datetime]]:
    """Every UTC minute near the local date, with what the wall clock shows then."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    moments = [noon + index * MINUTE for index in range(-40 * 60, 40 * 60)]
    return [(moment, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for moment in moments]


@lru_cache(maxsize=4000)
def _moment(zone: str, wall: datetime, *, is_end: bool) -> datetime:
    shown = [moment for moment, clock in _minutes_around(zone, wall.date()) if clock == wall]
    if shown:
        return shown[-1] if is_end else shown[0]
    clocks = _minutes_around(zone, wall.date())
    return next(now for (_, before), (now, after) in pairwise(clocks) if before < wall < after)


@lru_cache(maxsize=400)
def _day_start(zone: str, day: date) -> datetime:
    return next(moment for moment, clock in _minutes_around(zone, day) if clock.date() >= day)


def _wall(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}")


def _length(text: str) -> int:
    hours, _, rest = text.rpartition("h")
    return int(hours or 0) * 60 + int(rest.removesuffix("m") or 0)


class Oracle:
    """Answers about one document at one moment."""

    def __init__(
        self, document: Document, kind: str, now: datetime, holidays: dict[date, str], moved: Moved | None = None
    ) -> None:
        self.document = document
        self.zone: str = document["time_zone"]
        self.kind = next(row for row in document["types"] if row["key"] == kind)
        self.now = now
        self.holidays = holidays
        self.moved = moved
        self.grid = _length(document["grid"])
        self.today = now.astimezone(ZoneInfo(self.zone)).date()

    def offered(
        self, practitioner: str | None, first: date, last: date, taken: list[Taken]
    ) -> list[tuple[datetime, datetime, tuple[str, ...]]]:
        """Return (start, end, practitioners) of all times to offer, sorted."""
        found: dict[tuple[datetime, datetime], list[str]] = {}
        for key in self._practitioners(practitioner):
            for day in (first + index * DAY for index in range((last - first).days + 1)):
                for time in self._offered_on(day, key, taken):
                    found.setdefault((time.start, time.end), []).append(key)
        return [(start, end, tuple(keys)) for (start, end), keys in sorted(found.items())]

    def _offered_on(self, day: date, key: str, taken: list[Taken]) -> Iterator[Time]:
        last_offered = None
        for start, distance in self._starts(day, key):
            time = Time(start, start + self._minutes(key) * MINUTE, key)
            if not self._is_free(time, taken):
                continue
            if self.kind["slots"]["mode"] == "spaced":
                if last_offered is not None and start - last_offered < distance * MINUTE:
                    continue
                if last_offered is not None and start <= last_offered:
                    continue
                last_offered = start
            if self._is_open(day, start) and not (self.moved and start == self.moved.start):
                yield time

    def legal(self, practitioner: str | None, start: datetime) -> list[str]:
        """Return who may take a booking at `start` as far as the rules go, with no booking in the way."""
        day = start.astimezone(ZoneInfo(self.zone)).date()
        found = []
        for key in self._practitioners(practitioner):
            time = Time(start, start + self._minutes(key) * MINUTE, key)
            by_plan = any(start == planned for planned, _ in self._starts(day, key))
            if by_plan and self._is_open(day, start) and self._is_free(time, []):
                found.append(key)
        return found

    def level(self, day: date, free: int) -> tuple[str, str | None]:
        """Return the level of a date with so many slots, and the name shown for it."""
        booking = self.document["booking"]
        level = "none" if free == 0 else "few" if free <= booking["few"] else "many"
        return level, self.holidays.get(day) if booking["holidays"]["shown"] else None

    def _practitioners(self, asked: str | None) -> list[str]:
        found = []
        for row in self.document["practitioners"]:
            if not row["online"] or (asked and row["key"] != asked):
                continue
            if self.moved:
                may = row["key"] == self.moved.practitioner
            else:
                may = self.kind["online"] and row["key"] in (self.kind["practitioners"] or [row["key"]])
            if may:
                found.append(row["key"])
        return found

    def _minutes(self, key: str) -> int:
        if self.moved:
            return self.moved.minutes
        return _length(self.kind["lengths"].get(key) or self.kind["length"])

    def _blocks(self, day: date, key: str) -> list[Document]:
        for owner in (key, None):
            for row in self.document["days"]:
                if row["practitioner"] == owner and row["date"] == str(day):
                    return sorted(row["blocks"], key=lambda block: block["from"])
        own = [row for row in self.document["plans"] if row["practitioner"] == key]
        general = [row for row in self.document["plans"] if row["practitioner"] is None]
        parity = "odd" if day.isocalendar().week % 2 else "even"
        for row in own or general:
            in_force = (row["from"] or "0000") <= str(day) <= (row["to"] or "9999")
            if in_force and row["weeks"] in ("all", parity):
                template = next(other for other in self.document["templates"] if other["key"] == row["template"])
                return sorted(template["week"][WEEKDAYS[day.weekday()]], key=lambda block: block["from"])
        return []

    def _ranges(self, day: date, key: str) -> list[tuple[datetime, datetime, int | None]]:
        """Start, end and own step of each range of the day."""
        online = [row["key"] for row in self.document["block_kinds"] if row["online"]]
        tied = [] if self.moved else self.kind["blocks"]
        walls: list[list[Any]] = []
        for block in self._blocks(day, key):
            if block["kind"] not in online or (tied and block["kind"] not in tied):
                continue
            if walls and walls[-1][1] == block["from"] and not walls[-1][2] and not block["step"]:
                walls[-1][1] = block["to"]
            else:
                walls.append([block["from"], block["to"], block["step"]])
        return [
            (
                _moment(self.zone, _wall(day, start), is_end=False),
                self._end_of(day, end),
                _length(step) if step else None,
            )
            for start, end, step in walls
        ]

    def _end_of(self, day: date, clock: str) -> datetime:
        return (
            _day_start(self.zone, day + DAY) if clock == "24:00" else _moment(self.zone, _wall(day, clock), is_end=True)
        )

    def _starts(self, day: date, key: str) -> Iterator[tuple[datetime, int]]:
        """Every start that the plan allows on the day, with the distance that spaced mode keeps before it."""
        holidays = self.document["booking"]["holidays"]
        if str(day) in holidays["closed_dates"]:
            return
        if holidays["closed"] and day in self.holidays and str(day) not in holidays["open_dates"]:
            return
        slots, minutes, midnight = self.kind["slots"], self._minutes(key), _day_start(self.zone, day + DAY)
        end_rule = slots["end"] or ("start_before_end" if slots["mode"] == "fixed" else "fit")
        seen = set()
        for start, end, own_step in self._ranges(day, key):
            distance = {"fixed": minutes, "flexible": _length(slots["step"]), "spaced": _length(slots["step"])}[
                slots["mode"]
            ]
            distance = own_step or distance
            while start < end:
                finish = start + minutes * MINUTE
                fits = finish <= end if end_rule == "fit" else finish <= midnight
                if fits and (slots["mode"] == "spaced" or start not in seen):
                    seen.add(start)
                    yield start, distance
                start += (self.grid if slots["mode"] == "spaced" else distance) * MINUTE

    def _occupied(self, time: Time) -> tuple[datetime, datetime]:
        before, after = _length(self.kind["buffer_before"]), _length(self.kind["buffer_after"])
        return time.start - before * MINUTE, time.end + after * MINUTE

    def _is_free(self, time: Time, taken: list[Taken]) -> bool:
        if self._in_the_way(f"practitioner:{time.practitioner}", time, taken):
            return False
        choices = []
        for entry in self.kind["uses"]:
            rows = self.document["resources"]
            names = [
                row["key"] for row in rows if (row["pool"] == entry if isinstance(entry, str) else row["key"] in entry)
            ]
            choices.append([name for name in names if not self._in_the_way(f"resource:{name}", time, taken)])
        return any(len(set(chosen)) == len(chosen) for chosen in product(*choices))

    def _in_the_way(self, name: str, time: Time, taken: list[Taken]) -> bool:
        occupied_from, occupied_to = self._occupied(time)
        in_the_way = [(row.start, row.end) for row in taken if row.resource == name] + self._absences(name)
        return any(self._down(start) < occupied_to and occupied_from < self._up(end) for start, end in in_the_way)

    def _absences(self, name: str) -> list[tuple[datetime, datetime]]:
        found = []
        for row in self.document["absences"]:
            of_clinic = not row["practitioner"] and not row["resource"] and name.startswith("practitioner:")
            if not of_clinic and name not in (f"practitioner:{row['practitioner']}", f"resource:{row['resource']}"):
                continue
            if "T" in row["from"]:
                start = _moment(self.zone, datetime.fromisoformat(row["from"]), is_end=False)
                end = _moment(self.zone, datetime.fromisoformat(row["to"]), is_end=True)
            else:
                start = _day_start(self.zone, date.fromisoformat(row["from"]))
                end = _day_start(self.zone, date.fromisoformat(row["to"]) + DAY)
            if start < end:
                found.append((start, end))
        return found

    def _down(self, moment: datetime) -> datetime:
        return moment - timedelta(
            minutes=moment.minute % self.grid, seconds=moment.second, microseconds=moment.microsecond
        )

    def _up(self, moment: datetime) -> datetime:
        down = self._down(moment)
        return down if down == moment else down + self.grid * MINUTE

    def _is_open(self, day: date, start: datetime) -> bool:
        """Whether switches, window, earliest day and notice let anybody book `start` now."""
        booking = self.document["booking"]
        if not booking["active"] or not booking["rebook" if self.moved else "new"]:
            return False
        opens_at, closes_at = booking["opens_at"], booking["closes_at"]
        if opens_at and self.now < _moment(self.zone, datetime.fromisoformat(opens_at), is_end=False):
            return False
        if closes_at and self.now >= _moment(self.zone, datetime.fromisoformat(closes_at), is_end=True):
            return False
        if not (booking["first_date"] or "0000") <= str(day) <= (booking["last_date"] or "9999"):
            return False
        beyond = booking["horizon"] and day > self.today + int(booking["horizon"].removesuffix("d")) * DAY
        if beyond and not (self.moved and day <= self.moved.present_on):
            return False
        earliest = self.kind["days_after_today"]
        if earliest is None:
            earliest = booking["days_after_today"]
        if day < self.today or (earliest is not None and day < self.today + (earliest + 1) * DAY):
            return False
        return start - self.now >= _length(booking["notice"]) * MINUTE
