"""What the report learns of visits: that they were, and what was wanted and not had (PRODUCT A2, ADR 50)."""

from typing import Any

import pytest

from gateway.clients.reporting.sending import send_tally
from shared.contracts import errors
from tests.builders.gateway.clinics import CHOSEN, open_clinic
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import NOW, World, refusing

SEARCH = {"type": "exam", "practitioner": "any"}


def noted(world: World) -> list[tuple[Any, ...]]:
    """Return what is ready to be sent."""
    return [tuple(row.values()) for batch in world.door.tally.batches(NOW) for row in batch.rows]


def test_a2_a_visit_counts_at_its_first_search_and_no_more(world: World) -> None:
    open_clinic(world)
    world.get("/solna", query_string=SEARCH, headers=ENGLISH)
    world.get("/solna", query_string={**SEARCH, "visit": "m" * 12, "date": "2026-12-01"}, headers=ENGLISH)
    assert [row for row in noted(world) if not row[0]] == [("", "exam", "", None, None, 1)]


@pytest.mark.parametrize("calendar", ["week", "month"])
def test_a2_a_search_that_finds_no_time_counts_however_the_clinic_shows_times(world: World, calendar: str) -> None:
    open_clinic(world, booking={"calendar": calendar})
    world.availability.answers |= {"days": {"days": []}, "slots": {"slots": []}}
    world.get("/solna", query_string=SEARCH, headers=ENGLISH)
    assert noted(world) == [("", "exam", "", None, None, 1), ("no_times", "exam", "", None, None, 1)]


def test_a2_a_time_that_was_lost_counts_with_its_weekday_and_hour(world: World) -> None:
    """By the clinic's clocks; 1 December 2026 is a Tuesday."""
    open_clinic(world)
    world.booking.answers["hold"] = refusing(errors.SlotTaken, alternatives=[])
    chosen = {name: value for name, value in CHOSEN.items() if name not in ("hold", "held_by", "held_until", "start")}
    start = "2026-12-01T17:00:00+01:00"
    world.post("/solna", data={**chosen, "choose": start}, headers=ENGLISH)
    assert ("slot_taken", "exam", "", 2, 17, 1) in noted(world)


def test_a2_nothing_that_somebody_typed_into_an_address_is_kept(world: World) -> None:
    open_clinic(world, booking={"active": False})
    world.get("/solna", query_string={"type": "Eva Lind", "practitioner": "0701740605"}, headers=ENGLISH)
    assert noted(world) == [("booking_off", "", "", None, None, 1)]


def test_a2_what_booking_cannot_take_now_goes_again_under_the_same_id(world: World) -> None:
    open_clinic(world)
    world.door.tally.visited("solna", "exam", "")
    world.get("/solna", headers=ENGLISH)
    told: list[dict[str, Any]] = []

    def note_online(_clinic: str, **fields: Any) -> None:
        told.append(fields)
        if len(told) == 1:
            raise errors.Unavailable.because("Booking is away.")

    world.booking.answers["note_online"] = note_online
    for _ in range(3):
        send_tally(world)  # type: ignore[arg-type]  # the world is all that it needs of a gateway
    assert [each["batch"] for each in told] == [told[0]["batch"]] * 2
