"""The clinics' day lists, which lie ready for the day on which nothing else works (PRODUCT C15)."""

import logging
import stat
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.operators.day_lists import see_to_day_lists
from shared.contracts.errors import Unavailable
from shared.environment.day_lists import DayLists
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.paper import pages_of, words_on
from tests.builders.gateway.world import World

MORNING, EVENING = datetime(2026, 11, 30, 9, tzinfo=UTC), datetime(2026, 11, 30, 18, tzinfo=UTC)
TODAY_S, TOMORROW_S = "solna-2026-11-30.pdf", "solna-2026-12-01.pdf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where lists lie, made by whoever writes the first."""
    return tmp_path / "lists"


@pytest.fixture
def world(tmp_path: Path, folder: Path) -> World:
    """Return a gateway at whose one clinic somebody is booked; its clocks are an hour ahead."""
    made = World(tmp_path, day_lists=DayLists(folder, time(19), timedelta(days=14)))
    open_clinic(made)
    made.availability.answers["clinics"] = {"clinics": [{"clinic": "solna", "name": "Solna", "active": True}]}
    made.booking.answers["find"] = {"bookings": [a_booking()], "next": None}
    return made


def at(world: World, now: datetime) -> World:
    """Let it be another moment."""
    world.clock.moment = now
    return world


def seen_to(world: World) -> list[str]:
    """Have the lists seen to; return which there are."""
    see_to_day_lists(world)  # type: ignore[arg-type] # as far as it matters
    lists = world.settings.day_lists
    assert lists is not None
    return sorted(file.name for file in lists.folder.iterdir())


def asked(world: World) -> list[Any]:
    """Return of which days bookings were asked for."""
    return [call.fields["from"] for call in world.booking.calls if call.name == "find"]


def test_c15_the_coming_day_s_list_is_written_in_the_evening_once_and_read_by_its_owner_alone(
    world: World, folder: Path
) -> None:
    for _ in range(3):
        assert seen_to(at(world, EVENING)) == [TOMORROW_S]
    assert asked(world) == ["2026-12-01"]
    made = folder / TOMORROW_S
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (page,) = (words_on(page) for page in pages_of(made.read_bytes()))
    assert "Maja Ek" in page
    assert "Monday 30 November 2026 at 19:00" in page


def test_c15_what_was_missed_while_nothing_ran_is_written_at_the_next_start(world: World) -> None:
    assert seen_to(at(world, MORNING)) == [TODAY_S]


def test_c15_where_somebody_does_not_answer_the_list_is_written_as_soon_as_they_do(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    found = world.booking.answers["find"]
    world.booking.answers["find"] = Unavailable.because("away")
    with caplog.at_level(logging.WARNING):
        assert seen_to(at(world, EVENING)) == []
    assert "the day list of solna waits: unavailable" in caplog.text
    world.booking.answers["find"] = found
    assert seen_to(world) == [TOMORROW_S]


def test_c15_lists_go_two_weeks_after_their_day_and_nothing_else_of_the_folder_does(world: World, folder: Path) -> None:
    folder.mkdir()
    old = (date(2026, 11, 30) - timedelta(days=15)).isoformat()
    for name in (f"solna-{old}.pdf", f"lund-{old}.Xy_-9.new", "solna-2026-11-16.pdf", "holidays.pdf", f"{old}.txt"):
        (folder / name).touch()
    kept = [f"{old}.txt", "holidays.pdf", "solna-2026-11-16.pdf", TOMORROW_S]
    assert seen_to(at(world, EVENING)) == sorted(kept)


def test_a_folder_that_cannot_be_written_is_told_without_names(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.touch()
    see_to_day_lists(at(world, EVENING))  # type: ignore[arg-type] # as far as it matters
    assert f"day lists cannot be kept in {folder}" in caplog.text
    assert "Maja" not in caplog.text


def test_none_are_written_where_none_are_wanted(tmp_path: Path) -> None:
    see_to_day_lists(World(tmp_path, day_lists=None))  # type: ignore[arg-type] # nobody is even asked
    assert [*tmp_path.glob("**/*.pdf")] == []
