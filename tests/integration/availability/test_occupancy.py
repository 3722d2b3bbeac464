"""Booking's events become occupancy: in any order, any number of times, at a cost that does not grow."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, permutations
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from services.availability import schemas
from services.availability.handlers import searching, taking
from services.availability.model.current import CurrentClinics
from services.availability.model.occupancy import Busy
from services.availability.store import AvailabilityStore, occupancy, occupants
from shared.actor import PUBLIC
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from tests.builders.availability.fakes import a_desk
from tests.builders.availability.heard import HALF_HOUR, NINE, NOW, a_clinic, an_event
from tests.integration.availability.conftest import Work
from tests.integration.statements import look_at_rows, plans, statements

DAY = timedelta(days=1)


def hear(work: Work, event: Event, now: datetime = NOW) -> None:
    """Let availability take an event in."""
    act = {"SlotHeld": taking.hold_time, "SlotReleased": taking.free_hold}.get(event.type, taking.take_time)
    take_in(work, act(a_desk(work, now=now), [event]), None, now)


def taken(work: Work, now: datetime = NOW, but_booking: str | None = None) -> list[tuple[str, datetime]]:
    """Return what is taken of Anna's and room 1's Monday."""
    names = ["practitioner:anna", "resource:room-1"]
    with work.reading() as store:
        found = store.busy("solna", names, NINE - DAY, NINE + DAY, now, but_booking)
    return sorted((busy.resource, busy.starts_at) for busy in found)


def both(start: datetime) -> list[tuple[str, datetime]]:
    """Return Anna and room 1, taken from `start`."""
    return [("practitioner:anna", start), ("resource:room-1", start)]


def test_a_booking_takes_its_practitioner_and_its_resources(work: Work) -> None:
    hear(work, an_event("BookingCreated", "A"))
    assert taken(work) == both(NINE)


STORY = [
    an_event("SlotHeld", "hold"),
    an_event("BookingCreated", "A", 1, hold="hold"),
    an_event("BookingMoved", "A", 2, NINE + HALF_HOUR, hold="hold"),
]


@pytest.mark.parametrize(
    ("last", "left"),
    [
        (an_event("SlotReleased", "hold", 2), both(NINE + HALF_HOUR)),
        (an_event("BookingMissed", "A", 3, NINE + HALF_HOUR, status="missed"), both(NINE + HALF_HOUR)),
        (an_event("BookingCancelled", "A", 3, NINE + HALF_HOUR), []),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_the_newest_state_holds_in_whatever_order_events_come_and_however_often(
    work: Work, last: Event, left: list[tuple[str, datetime]]
) -> None:
    for number, order in enumerate(permutations([*STORY, last])):
        for event in [*order, *order[::-1]]:
            renamed = {**event.to_json(), "subject": f"{event.subject}{number}"}
            renamed["data"] = event.data | {"hold": event.data["hold"] and f"hold{number}"}
            hear(work, Event.from_json(renamed))
        assert taken(work) == left, [event.type for event in order]
        hear(work, an_event("BookingCancelled", f"A{number}", 9))


@pytest.mark.both_databases
def test_batches_of_several_processes_leave_the_newest_states_in_whatever_order_they_hear_of_them(work: Work) -> None:
    """ADR 22: none waits for another in a circle."""
    moves = [
        replace(
            an_event("BookingMoved", f"B{number}", version, NINE + DAY * number + version * HALF_HOUR),
            id=f"{number}-{version}",
        )
        for number in range(6)
        for version in (1, 3, 2)
    ]
    orders = [moves, moves[::-1], moves[::2] + moves[1::2], moves[9:] + moves[:9]]

    def hear_all(order: list[Event]) -> None:
        take_in(work, taking.take_time(a_desk(work, now=NOW), order), None, NOW)

    with statements(work.database) as sent:
        hear_all(moves)
    assert len(sent) <= 4, "the newest versions, what they leave, what they take, the clinic"
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(hear_all, orders))
    with work.reading() as store:
        known = store.times_of_bookings([f"B{number}" for number in range(6)])
    assert {version for version, _ in known.values()} == {3}
    for number in range(6):
        assert {time.starts_at for time in known[f"B{number}"][1]} == {NINE + DAY * number + 3 * HALF_HOUR}


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 10])
def test_new_bookings_take_their_time_by_two_statements_and_a_look_at_the_clinic_however_many(
    work: Work, count: int
) -> None:
    """ADR 22: the versions, and what they take; nothing can be theirs yet. SQLite is told of each by itself."""
    new = [an_event("BookingCreated", f"NEW{number}", start=NINE + DAY * number) for number in range(count)]
    events = [replace(event, id=event.subject) for event in new]
    with statements(work.database) as sent:
        take_in(work, taking.take_time(a_desk(work, now=NOW), events), None, NOW)
    assert [" ".join(said.split()[:3]) for said, _ in groupby(said for said, _ in sent)] == [
        "INSERT INTO occupants",
        "INSERT INTO occupancy",
        "SELECT clinics.revision, CASE",
    ]
    assert taken(work) == both(NINE)


def test_a_hold_that_is_released_before_it_is_heard_of_takes_nothing(work: Work) -> None:
    hear(work, an_event("SlotReleased", "hold", 2))
    hear(work, an_event("SlotHeld", "hold"))
    assert taken(work) == []


def test_a_hold_ends_by_the_clock_even_if_no_event_says_so(work: Work) -> None:
    """PRODUCT B12."""
    hear(work, an_event("SlotHeld", "hold"))
    assert taken(work, NOW + timedelta(minutes=9, seconds=59)) == both(NINE)
    assert taken(work, NOW + timedelta(minutes=10)) == []


def test_a_booking_that_is_moved_does_not_stand_in_its_own_way(work: Work) -> None:
    """PRODUCT M4."""
    hear(work, an_event("BookingCreated", "A"))
    hear(work, an_event("SlotHeld", "A", start=NINE + HALF_HOUR))
    assert taken(work, but_booking="A") == both(NINE + HALF_HOUR)


def test_the_sweep_forgets_expired_holds_at_once_and_the_rest_when_no_late_event_can_concern_it(work: Work) -> None:
    hear(work, an_event("SlotHeld", "hold"))
    hear(work, an_event("BookingCreated", "A"))
    hear(work, an_event("BookingCancelled", "B", 2))

    def rows() -> tuple[int | None, int | None]:
        with work.reading() as store:
            count = [select(func.count()).select_from(table) for table in (occupancy, occupants)]
            return tuple(store.connection.scalar(query) for query in count)  # type: ignore[return-value]

    assert rows() == (4, 3)
    taking.sweep(a_desk(work, now=NOW + timedelta(minutes=10)))
    assert rows() == (2, 3)
    hear(work, an_event("BookingCreated", "B", 1), NOW + 13 * DAY)
    assert taken(work) == both(NINE), "a cancelled booking must not come back while its events may be repeated"
    taking.sweep(a_desk(work, now=NINE + 13 * DAY))
    assert rows() == (2, 2), "A is kept two weeks beyond its end, as is the hold's memory"
    taking.sweep(a_desk(work, now=NINE + 15 * DAY))
    assert rows() == (0, 0)


@pytest.mark.both_databases
def test_states_of_one_booking_that_come_at_once_leave_the_newest(work: Work) -> None:
    events = [an_event("BookingMoved", "A", version, NINE + version * HALF_HOUR) for version in range(1, 9)]
    threads = [Thread(target=hear, args=(work, event)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert taken(work) == both(NINE + 8 * HALF_HOUR)


@pytest.mark.both_databases
@pytest.mark.parametrize(("first", "last"), [("2026-11-30", "2026-11-30"), ("2026-11-30", "2026-12-30")])
def test_a_cold_search_costs_three_statements_whatever_its_range(work: Work, first: str, last: str) -> None:
    a_clinic(work)
    query = {"type": "exam", "from": first, "to": last}
    with statements(work.database) as sent:
        searching.find_slots(a_desk(work, PUBLIC), "solna", schemas.asked_slots(query))
    assert len(sent) <= 3, sent
    days = {"type": "exam", "from": first, "to": "2027-02-28"}
    with statements(work.database) as sent:
        searching.find_days(a_desk(work, PUBLIC), "solna", schemas.asked_days(days))
    assert len(sent) <= 3, sent


def test_a_warm_search_does_not_read_the_document_again(work: Work) -> None:
    a_clinic(work)
    known = CurrentClinics()
    with work.reading() as store:
        known.get(store, "solna")
        row = store.clinic("solna", 1)
    assert row is not None
    assert row.document is None


def test_no_search_loads_what_was_taken_before_today(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    a_clinic(work)
    for days in range(1, 20):
        hear(work, an_event("BookingCreated", f"OLD{days}", start=NOW - days * DAY))
    hear(work, an_event("BookingCreated", "TODAY", start=NOW))
    loaded: list[list[Busy]] = []
    look_up = AvailabilityStore.busy

    def busy(store: AvailabilityStore, *arguments: Any) -> list[Busy]:
        loaded.append(look_up(store, *arguments))
        return loaded[-1]

    monkeypatch.setattr(AvailabilityStore, "busy", busy)
    for first, last in (("2026-11-05", "2026-12-01"), ("2026-10-01", "2026-10-31")):
        asked = schemas.asked_slots({"type": "exam", "from": first, "to": last})
        searching.find_slots(a_desk(work, PUBLIC), "solna", asked)
    assert [[busy.starts_at for busy in found] for found in loaded] == [[NOW]]


@pytest.mark.both_databases
def test_a_look_up_reads_one_piece_of_an_index_between_two_moments(work: Work) -> None:
    """Nothing grows with the bookings that are stored, past or to come."""
    rows = [
        {
            "owner": "booking",
            "reference": f"R{number}",
            "resource": "practitioner:anna",
            "clinic": "solna",
            "starts_at": NINE + number * HALF_HOUR,
            "ends_at": NINE + (number + 1) * HALF_HOUR,
            "expires_at": None,
        }
        for number in range(-4000, 4000)
    ]
    with work() as store:
        parents = [
            {"owner": "booking", "reference": row["reference"], "version": 1, "kept_until": NINE} for row in rows
        ]
        store.connection.execute(insert(occupants), parents)
        store.connection.execute(insert(occupancy), rows)
    look_at_rows(work.database)
    with statements(work.database) as sent:
        assert len(taken(work)) == 2 * 48
    (plan,) = plans(work.database, sent[-1:])
    assert "ix_occupancy_range" in plan
    between = "starts_at>? AND starts_at<?" if work.database.is_sqlite else "(starts_at >"
    assert between in plan, plan
