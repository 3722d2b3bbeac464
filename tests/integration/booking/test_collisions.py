"""Which bookings an absence would meet: in pages, by index, and without asking availability back (PRODUCT S8)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.booking.model.requests import Stretch
from shared.contracts.errors import Forbidden, Invalid
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, NOW, SERVICE, STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.statements import look_at_rows, plans, statements

HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)


def a_stretch(start: datetime, end: datetime, **whose: str) -> dict[str, str]:
    """Return a stretch of time as availability names it."""
    return {**whose, "from": start.isoformat(), "to": end.isoformat()}


def found(calls: Calls, *stretches: dict[str, str], **paging: Any) -> dict[str, Any]:
    """Return what booking tells availability of these stretches."""
    answer: dict[str, Any] = calls.by(SERVICE).find_collisions(
        CLINIC, time_zone="Europe/Stockholm", stretches=list(stretches), **paging
    )
    return answer


def references(answer: dict[str, Any]) -> list[str]:
    """Return the references in an answer."""
    return [booking["reference"] for booking in answer["collisions"]]


def test_collisions_are_the_bookings_that_an_absence_would_meet(database: Database) -> None:
    """S8."""
    calls = Calls(World(database))
    first = calls.book(type="laser", practitioner="anna")["reference"]
    second = calls.book(practitioner="bo")["reference"]
    calls.cancel(calls.book(practitioner="bo", start=(START + HALF_HOUR).isoformat())["manage_token"])

    def met(start: datetime, end: datetime, **whose: str) -> list[str]:
        return sorted(references(found(calls, a_stretch(start, end, **whose))))

    both = sorted([first, second])
    assert met(START, START + HOUR) == both
    assert met(START, START + HOUR, practitioner="bo") == [second]
    assert met(START, START + HOUR, resource="laser") == [first]
    assert met(START + timedelta(minutes=35), START + HOUR) == [first], "buffers count"
    assert met(START - HALF_HOUR, START) == []
    asked_by_version_0_1_0 = calls.by(SERVICE).collisions(CLINIC, **a_stretch(START, START + HOUR))
    assert sorted(booking["reference"] for booking in asked_by_version_0_1_0) == both


def test_collisions_come_in_pages_by_start_each_once_whatever_it_meets(database: Database) -> None:
    calls = Calls(World(database))
    made = [calls.book(practitioner="anna", start=(START + n * HALF_HOUR).isoformat())["reference"] for n in range(5)]
    whole = a_stretch(START - HOUR, START + 5 * HOUR)
    of_anna = a_stretch(START, START + 5 * HOUR, practitioner="anna")
    first = found(calls, whole, of_anna, limit=2)
    assert (references(first), first["count"]) == (made[:2], 5)
    second = found(calls, whole, of_anna, limit=2, cursor=first["next"])
    assert (references(second), second["count"]) == (made[2:4], 3)
    last = found(calls, whole, of_anna, limit=2, cursor=second["next"])
    assert (references(last), last["next"], last["count"]) == (made[4:], None, 1)
    assert last["collisions"][0]["start"] == "2026-12-01T16:00:00+01:00", "in the clinic's time zone"


def test_what_is_over_meets_nothing_any_more(calls: Calls) -> None:
    calls.book(practitioner="anna")
    calls.world.now = START + HOUR
    assert found(calls, a_stretch(START - HOUR, START + 5 * HOUR))["count"] == 0


def test_availability_is_not_asked_back(calls: Calls) -> None:
    """It waits for the answer: to ask it for the document, which has just changed, would be a circle."""

    class Unreachable:
        def get(self, clinic: str) -> Any:
            raise AssertionError(f"the document of {clinic} was asked for")

    reference = calls.book(practitioner="anna")["reference"]
    calls.world.documents = Unreachable()  # type: ignore[assignment]
    assert references(found(calls, a_stretch(START, START + HOUR))) == [reference]


def test_only_the_house_asks_so(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.by(STAFF).find_collisions(CLINIC, time_zone="Europe/Stockholm", stretches=[])


@pytest.mark.parametrize("wrong", [{"stretches": 5}, {"stretches": [{"from": "soon"}]}, {"cursor": "x"}, {"limit": 0}])
def test_a_question_that_makes_no_sense_is_invalid(calls: Calls, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.by(SERVICE).find_collisions(CLINIC, **{"time_zone": "Europe/Stockholm", "stretches": [], **wrong})


ROWS = 100_000
_NUMBERS = {
    True: f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) ",
    False: f"WITH n(i) AS (SELECT generate_series(1, {ROWS})) ",
}
_TIME = {
    True: "strftime('%Y-%m-%d %H:%M:%f000', '2016-01-01', '+' || ((i + {0}) * 60) || ' minutes')",
    False: "timestamptz '2016-01-01 00:00+00' + (i + {0}) * interval '60 minutes'",
}
"""An hour after the other: eleven years of bookings, a tenth of them to come."""


def fill(database: Database) -> None:
    """Put bookings of many years into the database, and the time that those of the last months take of a room."""
    lite = database.is_sqlite
    start, end = _TIME[lite].format(0), _TIME[lite].format(1)
    reference = "printf('%010d', i)" if lite else "lpad(i::text, 10, '0')"
    of_either = "CASE i % 2 WHEN 0 THEN 'anna' ELSE 'bo' END"
    bookings = f"""
        INSERT INTO bookings (reference, clinic, status, origin, type, practitioner, starts_at, ends_at, busy_from,
        busy_to, minutes, resources, person, language, sms_reminder, epoch, version, revision, created_at,
        history_length, history_head, typed_hash) {_NUMBERS[lite]}
        SELECT {reference}, '{CLINIC}', 'booked', 'web', 'roomy', {of_either}, {start}, {end}, {start}, {end}, 60, '[]',
        'x', 'sv', {"1" if lite else "true"}, 0, 1, 1, {start}, 0, '', '' FROM n"""
    taken = f"""
        INSERT INTO occupancy (clinic, resource, starts_at, ends_at, booking) {_NUMBERS[lite]}
        SELECT '{CLINIC}', 'resource:room-1', {start}, {end}, {reference} FROM n WHERE i > {ROWS - 6_000}"""
    with database.transaction() as connection:
        connection.execute(text(bookings))
        connection.execute(text(taken))
    look_at_rows(database)


def test_collisions_are_found_by_index_among_a_hundred_thousand_bookings(database: Database) -> None:
    """A plan is asserted, not a time: what is read lies around the stretch, however much there is (S8)."""
    world = World(database)
    fill(database)
    week = (START, START + timedelta(days=7))
    stretches = [Stretch(*week), Stretch(*week, practitioner="anna"), Stretch(*week, resource="room-1")]
    with statements(database) as sent, world.work.reading() as store:
        counts = [len(store.in_the_way(CLINIC, stretch, NOW, None, 1000)) for stretch in stretches]
    assert counts == [168, 84, 168]
    read = plans(database, sent, postgresql="EXPLAIN ANALYZE")
    for plan in read:
        assert "Seq Scan" not in plan, plan
        assert "SCAN bookings" not in plan, plan
        assert "SCAN occupancy" not in plan, plan
        assert "ix_bookings_" in plan or "pk_bookings" in plan or "sqlite_autoindex_bookings_1" in plan, plan
    assert "starts_at" in read[0]
