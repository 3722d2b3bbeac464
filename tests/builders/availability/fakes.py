"""What availability's use cases work with, in memory: a database that takes back what fails, and other services."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from services.availability.handlers.desk import Desk
from services.availability.model.current import CurrentClinics, StoredClinic
from services.availability.model.history import Entry as Recorded
from services.availability.model.occupancy import Busy, State, different
from services.availability.pictures.studio import Studio
from services.booking.schemas import collision_search
from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.contracts.pictures import Picture
from shared.desk import Keys
from shared.sealed import Sealer
from shared.storage.slot_cache import Asked, Before, Entry, Question

TOOL = Actor(kind="tool", id="cli")
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""A Monday, 09:00 in Stockholm."""


class FakeStore:
    """The queries of AvailabilityStore over plain values."""

    def __init__(self) -> None:
        self.rows: dict[str, StoredClinic] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.taken: dict[tuple[str, str], tuple[str, list[Busy]]] = {}
        self.events: list[Event] = []
        self.keys: dict[tuple[str, str], tuple[str, str, datetime]] = {}
        self.shown: dict[tuple[str, str], tuple[Picture, bytes]] = {}
        self.former: dict[tuple[str, str, str], tuple[Picture, bytes]] = {}
        self.recorded: dict[str, dict[int, tuple[Recorded, dict[str, Any] | None]]] = {}

    def clinics(self) -> list[tuple[str, str, bool]]:
        return [
            (key, row.document["name"], row.document["booking"]["active"])
            for key, row in sorted(self.rows.items())
            if row.document
        ]

    def clinic(self, clinic: str, known_revision: int = 0) -> StoredClinic | None:
        row = self.rows.get(clinic)
        return StoredClinic(row.revision, None) if row and row.revision == known_revision else row

    def clinic_to_change(self, clinic: str) -> StoredClinic | None:
        row = self.rows.get(clinic)
        return row and row._replace(is_recorded=row.revision in self.recorded.get(clinic, {}))

    def add_clinic(self, clinic: str, document: dict[str, Any], now: datetime) -> bool:
        self.rows[clinic] = StoredClinic(1, document)
        return True

    def change_clinic(self, clinic: str, revision: int, document: dict[str, Any], now: datetime) -> None:
        self.rows[clinic] = StoredClinic(revision, document)

    def absence_entered(self, clinic: str, key: str, since: datetime) -> tuple[str, str] | None:
        body_hash, absence, at = self.keys.get((clinic, key), ("", "", since))
        return (body_hash, absence) if at > since else None

    def keep_absence_entered(self, clinic: str, key: str, body_hash: str, absence: str, now: datetime) -> None:
        self.keys[clinic, key] = (body_hash, absence, now)

    def pictures(self, clinic: str) -> list[Picture]:
        return [found for (where, _), (found, _body) in sorted(self.shown.items()) if where == clinic]

    def picture(self, clinic: str, name: str) -> tuple[Picture, bytes] | None:
        return self.shown.get((clinic, name))

    def count_other_pictures(self, clinic: str, name: str) -> int:
        return sum(each.name != name for each in self.pictures(clinic))

    def keep_picture(self, clinic: str, picture: Picture, body: bytes, now: datetime) -> None:
        self.shown[clinic, picture.name] = (picture, body)

    def remove_picture(self, clinic: str, name: str) -> bool:
        return self.shown.pop((clinic, name), None) is not None

    def keep_former_picture(self, clinic: str, name: str, now: datetime, most: int) -> None:
        if found := self.shown.get((clinic, name)):
            self.former[clinic, name, found[0].hash] = found

    def former_picture(self, clinic: str, name: str, hash: str) -> tuple[Picture, bytes] | None:
        return self.former.get((clinic, name, hash))

    def record(self, clinic: str, entries: Sequence[tuple[Recorded, dict[str, Any] | None]]) -> None:
        for entry, state in entries:
            self.recorded.setdefault(clinic, {}).setdefault(entry.revision, (entry, state))

    def history(self, clinic: str, limit: int, before: int | None = None, since: int = 0) -> list[Recorded]:
        found = [entry for _, (entry, _state) in sorted(self.recorded.get(clinic, {}).items(), reverse=True)]
        last = before if before is not None else max((each.revision for each in found), default=0) + 1
        return [each for each in found if since < each.revision < last][:limit]

    def first_in_history(self, clinic: str) -> int | None:
        return min(self.recorded.get(clinic, {}), default=None)

    def state(self, clinic: str, revision: int) -> dict[str, Any] | None:
        states = {number: state for number, (_, state) in self.recorded.get(clinic, {}).items() if state is not None}
        newest = max((number for number in states if number <= revision), default=None)
        return None if newest is None else states[newest]

    def busy(
        self,
        clinic: str,
        resources: set[str],
        start: datetime,
        end: datetime,
        now: datetime,
        but_booking: str | None = None,
    ) -> list[Busy]:
        return [
            time
            for (owner, reference), (where, times) in self.taken.items()
            for time in times
            if where == clinic and time.resource in resources and time.starts_at < end and time.ends_at > start
            if (time.expires_at is None or time.expires_at > now) and (owner, reference) != ("booking", but_booking)
        ]

    def occupy(self, states: Iterable[State], now: datetime) -> list[tuple[str, tuple[datetime, datetime]]]:
        freed: list[tuple[str, Busy]] = []
        taken: list[tuple[str, Busy]] = []
        for occupant, clinic, times in states:
            subject = occupant[:2]
            if self.versions.get(subject, 0) >= occupant.version:
                continue
            where, before = self.taken.get(subject, (clinic, []))
            freed += [(where, time) for time in before]
            taken += [(clinic, time) for time in times]
            self.versions[subject] = occupant.version
            self.taken[subject] = (clinic, list(times))
        return different(freed, taken, now)

    def publish(self, event: Event) -> None:
        self.events.append(event)


class FakeWork:
    """Transactions over one FakeStore; one that raises leaves it as it was."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.open = False

    @contextmanager
    def __call__(self) -> Iterator[FakeStore]:
        before = copy.deepcopy(self.store.__dict__)
        self.open = True
        try:
            yield self.store
        except BaseException:
            self.store.__dict__.update(before)
            raise
        finally:
            self.open = False

    @contextmanager
    def reading(self) -> Iterator[FakeStore]:
        yield self.store

    @property
    def event_types(self) -> list[str]:
        return [event.type for event in self.store.events]


class FakeRevisions:
    """Notes what is announced; refuses to be called before the commit."""

    def __init__(self, work: FakeWork | None = None) -> None:
        self._work = work
        self.announced: list[tuple[str, int]] = []

    def announce(self, clinic: str, revision: int) -> None:
        assert self._work is None or not self._work.open, "announced before the commit"
        self.announced.append((clinic, revision))


class FakeSearched:
    """The slot cache: notes what is kept, renewed and dropped; refuses the latter two before the commit.

    `asked` is what people have asked lately, by date; `away` is a cache that does not answer.
    """

    def __init__(self, work: FakeWork | None = None) -> None:
        self._work = work
        self.kept: list[tuple[Question, int, dict[str, bytes], dict[str, float]]] = []
        self.dropped: list[str] = []
        self.asked: dict[str, tuple[Question, ...]] = {}
        self.renewed: list[tuple[int, dict[str, list[Entry]]]] = []
        self.reads = 0
        self.away = False

    def before(self, clinic: str, days: Sequence[str]) -> Before | None:
        self.reads += 1
        return None if self.away else Before(7, dict.fromkeys(days))

    def keep(
        self,
        question: Question,
        revision: int,
        before: Before,
        entries: Mapping[str, bytes],
        seconds: Callable[[str], float],
    ) -> None:
        self.kept.append((question, revision, dict(entries), {day: seconds(day) for day in entries}))

    def drop_unasked(self, clinic: str, days: Sequence[str]) -> dict[str, Asked]:
        assert self._work is None or not self._work.open, "dropped before the commit"
        self.dropped += [day for day in days if day not in self.asked]
        return {day: Asked(b"before", self.asked[day]) for day in days if day in self.asked}

    def renew(
        self, clinic: str, revision: int, asked: Mapping[str, Asked], entries: Mapping[str, Sequence[Entry]]
    ) -> None:
        assert self._work is None or not self._work.open, "renewed before the commit"
        self.renewed.append((revision, {day: list(entries.get(day, ())) for day in asked}))


class FakeBookings:
    """Answers which bookings collide; refuses what booking refuses, and to be called inside a transaction."""

    def __init__(self, work: FakeWork | None = None, *collisions: dict[str, Any]) -> None:
        self._work = work
        self._collisions = list(collisions)
        self.asked: list[dict[str, Any]] = []

    def find_collisions(self, clinic: str, **fields: Any) -> dict[str, Any]:
        assert self._work is None or not self._work.open, "an RPC inside a transaction"
        collision_search(fields)
        self.asked.append({"clinic": clinic, **fields})
        return {"collisions": self._collisions, "next": None, "count": len(self._collisions)}


KEYS = Keys("link key", "lookup key", Sealer("k1:" + "A" * 43 + "="), "https://book.example")


def a_desk(work: Any, actor: Actor = TOOL, now: datetime = NOW, **others: Any) -> Desk:
    """Return the surroundings of a call by `actor`, over a database or the fake of one."""
    surroundings = {
        "documents": CurrentClinics(),
        "keys": KEYS,
        "searched": FakeSearched(),
        "revisions": FakeRevisions(),
        "bookings": FakeBookings(),
        "studio": Studio(),
        **others,
    }
    return Desk(actor=actor, correlation_id="correlation", now=now, work=work, **surroundings)
