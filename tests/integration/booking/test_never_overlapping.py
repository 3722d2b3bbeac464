"""Whatever people do, in whatever order, no practitioner and no room is ever taken twice (PRODUCT B11)."""

import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.errors import Refusal
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, NOW, STAFF, START, World
from tests.integration.booking.calls import Calls

TYPES = st.sampled_from(["visit", "roomy", "laser"])
PRACTITIONERS = st.sampled_from([None, "anna", "bo"])
STARTS = st.integers(0, 12).map(lambda n: START + timedelta(minutes=10 * n))
WHICH = st.integers(0, 9)
STEPS = st.one_of(
    st.tuples(st.just("hold"), TYPES, PRACTITIONERS, STARTS),
    st.tuples(st.just("book held"), WHICH),
    st.tuples(st.just("release"), WHICH),
    st.tuples(st.just("book"), TYPES, PRACTITIONERS, STARTS),
    st.tuples(st.just("staff"), TYPES, PRACTITIONERS, STARTS),
    st.tuples(st.just("move"), WHICH, STARTS),
    st.tuples(st.just("change"), WHICH, TYPES, PRACTITIONERS, STARTS),
    st.tuples(st.just("cancel"), WHICH),
    st.tuples(st.just("wait"), st.integers(1, 12)),
)


class Story:
    """What people did so far, and what they hold of it."""

    def __init__(self, database: Database) -> None:
        self.calls = Calls(World(database))
        self.holds: list[dict[str, Any]] = []
        self.bookings: list[dict[str, Any]] = []

    def go(self, step: tuple[Any, ...]) -> None:
        """Do one step; being refused is part of life."""
        name, *arguments = step
        with suppress(Refusal):
            getattr(self, name.replace(" ", "_"))(*arguments)

    def hold(self, type: str, practitioner: str | None, start: datetime) -> None:
        held = self.calls.hold(type=type, practitioner=practitioner, start=start.isoformat())
        self.holds.append({"hold": held["hold"], "type": type, "start": start.isoformat()})

    def book_held(self, which: int) -> None:
        if self.holds:
            self.bookings.append(self.calls.book(**self.holds[which % len(self.holds)]))

    def release(self, which: int) -> None:
        if self.holds:
            self.calls.release(self.holds[which % len(self.holds)]["hold"])

    def book(self, type: str, practitioner: str | None, start: datetime) -> None:
        self.bookings.append(self.calls.book(type=type, practitioner=practitioner, start=start.isoformat()))

    def staff(self, type: str, practitioner: str | None, start: datetime) -> None:
        wanted = {"type": type, "practitioner": practitioner, "start": start.isoformat(), "minutes": 45}
        self.bookings.append(self.calls.book(STAFF, **wanted))

    def move(self, which: int, start: datetime) -> None:
        if self.bookings:
            self.calls.move(self.bookings[which % len(self.bookings)]["manage_token"], start)

    def change(self, which: int, type: str, practitioner: str | None, start: datetime) -> None:
        if self.bookings:
            reference = self.bookings[which % len(self.bookings)]["reference"]
            self.calls.change(STAFF, reference, type=type, practitioner=practitioner, start=start.isoformat())

    def cancel(self, which: int) -> None:
        if self.bookings:
            self.calls.cancel(self.bookings[which % len(self.bookings)]["manage_token"])

    def wait(self, minutes: int) -> None:
        self.calls.world.now += timedelta(minutes=minutes)


def no_two_overlap(rows: list[tuple[str, datetime, datetime]]) -> bool:
    """Tell whether no resource is occupied twice at any moment."""
    return not any(
        one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for number, one in enumerate(rows)
        for other in rows[:number]
    )


@settings(max_examples=settings().max_examples // 4)
@given(steps=st.lists(STEPS, max_size=25))
def test_no_story_ends_in_a_double_booking(migrated_sqlite: Path, steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, Path(folder) / "story.sqlite3")
        database = Database(f"sqlite:///{Path(folder) / 'story.sqlite3'}")
        story = Story(database)
        for step in steps:
            story.go(step)
            assert no_two_overlap(story.calls.occupied())
        booked = [booking for booking in story.calls.find(STAFF)["bookings"] if booking["status"] == "booked"]
        with database.reading() as connection:
            count = connection.exec_driver_sql("SELECT count(DISTINCT booking) FROM occupancy").scalar()
        assert count == len(booked), f"every booking of {CLINIC} since {NOW} occupies its time, and nothing else does"
        database.close()
