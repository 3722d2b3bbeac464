"""The report on online booking: kept by events, right whatever becomes of these, and flat (PRODUCT A2, ADR 50)."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.handlers.reporting.counting import count_changes, count_earlier
from services.booking.model.reporting.counting import COUNTED
from services.booking.store import BookingStore
from shared.actor import PUBLIC
from shared.bus.events.effects import take_in
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid, Refusal
from shared.storage.database import Database
from tests.builders.booking.backfilling import begin_backfill
from tests.builders.booking.world import CLINIC, MAJA, SERVICE, STAFF, START, World
from tests.integration.booking.calls import BO, Calls
from tests.integration.booking.reported import Diary
from tests.integration.statements import statements

PERIOD = {"from": "2026-11-01", "to": "2027-03-31"}


def count(calls: Calls, *events: Event) -> None:
    """Take events in as the report's consumer does."""
    take_in(calls.world.work, count_changes(calls.world.desk(SERVICE), events), None, calls.world.now)


def count_all(calls: Calls) -> None:
    """Take in all that has happened."""
    count(calls, *calls.events(*COUNTED))


def report(calls: Calls, **query: Any) -> dict[str, Any]:
    """Ask for the report."""
    told: dict[str, Any] = calls.by(STAFF).report(CLINIC, **{**PERIOD, **query})
    return told


def row(told: dict[str, Any], key: str) -> dict[str, Any]:
    """Return one row of it."""
    return next(each for each in told["rows"] if each["key"] == key)


@contextmanager
def a_clinic(template: Path) -> Iterator[Calls]:
    """Yield the calls of a fresh clinic."""
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(template, folder)
        database = Database(f"sqlite:///{path}")
        yield Calls(World(database))
        database.close()


def counted_in(database: Database) -> Counter[tuple[Any, ...]]:
    """Return what the tables hold, wherever from."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT day, type, practitioner, bookings, moves, cancellations, missed FROM report_counts"
        ).all()
    found: Counter[tuple[Any, ...]] = Counter()
    for day, type, practitioner, *numbers in rows:
        for what, number in zip(("bookings", "moves", "cancellations", "missed"), numbers, strict=True):
            found[str(day), type, practitioner, what] += number
    return found


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
def test_a2_it_is_what_happened_whatever_becomes_of_the_events(migrated_sqlite: Path, seed: int, steps: int) -> None:
    """Events come late, twice, in any order, in batches of which some fail, or never, as before there was a report."""
    chance = Random(seed)
    with a_clinic(migrated_sqlite) as calls:
        diary = Diary(calls, chance)
        for _ in range(steps):
            diary.goes_on()
        events = calls.events(*COUNTED)
        events = [event for event in events if chance.random() < 0.7] + chance.sample(events, len(events) // 2)
        chance.shuffle(events)
        with calls.world.work() as store:
            begin_backfill(store)
        while events:
            batch, events = events[:4], events[4:]
            if chance.random() < 0.2:
                with pytest.raises(ZeroDivisionError):
                    fail_to_count(calls, batch)
            count(calls, *batch)
            if chance.random() < 0.2:
                while count_earlier(calls.world.desk(SERVICE)):
                    pass
        while count_earlier(calls.world.desk(SERVICE)):
            pass
        meant = Counter({(day.isoformat(), *rest): number for (day, *rest), number in diary.counted.items()})
        assert +counted_in(calls.world.database) == +meant
        total = report(calls)["total"]
        sums = {what: sum(number for key, number in meant.items() if key[-1] == what) for what in ("bookings", "moves")}
        assert {what: total[what] for what in sums} == sums


def fail_to_count(calls: Calls, batch: list[Event]) -> None:
    """Take a batch in, in a transaction that fails when all is written."""
    effect = count_changes(calls.world.desk(SERVICE), batch)
    with calls.world.work() as store:
        effect.write(store, [change for _, change in effect.prepared])
        raise ZeroDivisionError


def test_a2_it_tells_by_day_week_month_type_and_practitioner(calls: Calls) -> None:
    """Booked on 2 November, moved on the 3rd; in Persian the same lies in a week from Saturday and in Aban."""
    booked = calls.book(practitioner="anna")
    calls.book(STAFF, key="b", practitioner="bo", type="roomy", start=(START + timedelta(hours=3)).isoformat())
    calls.world.now += timedelta(days=1)
    calls.move(booked["manage_token"], START + timedelta(hours=6))
    count_all(calls)
    by_day = report(calls)
    assert len(by_day["rows"]) == 151, "days on which nothing happened, too"
    assert row(by_day, "2026-11-02") == {
        "key": "2026-11-02", "from": "2026-11-02", "to": "2026-11-02", "visits": 0, "bookings": 2, "moves": 0,
        "cancellations": 0, "missed": 0, "refusals": {}, "web_share": 0.5, "lead_time_hours": 701.5,
    }  # fmt: skip
    assert row(by_day, "2026-11-03")["moves"] == 1
    week = row(report(calls, by="week"), "2026-W45")
    assert (week["from"], week["to"], week["bookings"], week["moves"]) == ("2026-11-02", "2026-11-08", 2, 1)
    week = row(report(calls, by="week", language="fa"), "2026-10-31")
    assert (week["from"], week["to"], week["bookings"]) == ("2026-11-01", "2026-11-06", 2)
    assert row(report(calls, by="month"), "2026-11")["bookings"] == 2
    assert row(report(calls, by="month", language="fa"), "1405-08")["bookings"] == 2
    assert [(each["key"], each["bookings"], each["moves"]) for each in report(calls, by="type")["rows"]] == [
        ("roomy", 1, 0), ("visit", 1, 1),
    ]  # fmt: skip
    assert [each["key"] for each in report(calls, by="practitioner")["rows"]] == ["anna", "bo"]


def test_a2_it_stands_beside_as_many_days_before(calls: Calls) -> None:
    calls.book()
    count_all(calls)
    told = report(calls, **{"from": "2026-11-03", "to": "2026-11-04"})
    assert (told["total"]["bookings"], told["total"]["web_share"]) == (0, None)
    assert (told["before"]["from"], told["before"]["to"], told["before"]["bookings"]) == ("2026-11-01", "2026-11-02", 1)


def test_a2_what_moved_in_from_a_former_system_was_not_booked_here(sqlite: Database) -> None:
    """C14; what becomes of it counts."""
    calls = Calls(World(sqlite))
    calls.world.patients.records[MAJA] = {
        "first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567", "email": None, "sms_ok": None,
    }  # fmt: skip
    reference = calls.take_over({})[0]["reference"]
    calls.cancel_as_staff(STAFF, reference)
    count_all(calls)
    with calls.world.work() as store:
        begin_backfill(store)
    count_earlier(calls.world.desk(SERVICE))
    total = report(calls)["total"]
    assert (total["bookings"], total["cancellations"]) == (0, 1)


def test_what_was_booked_before_there_was_a_report_is_counted_page_by_page(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.booking.handlers.reporting.counting.BOOKINGS_AT_ONCE", 2)
    for hour in range(5):
        calls.book(key=f"{hour}", start=(START + timedelta(hours=hour)).isoformat())
    desk = calls.world.desk(SERVICE)
    assert not count_earlier(desk), "nothing to do, where no migration says so"
    with calls.world.work() as store:
        begin_backfill(store)
    pages = 0
    while count_earlier(desk):
        pages += 1
    assert (pages, report(calls)["total"]["bookings"], count_earlier(desk)) == (2, 5, False)


def test_a2_only_administrators_see_it_and_what_cannot_be_read_is_said(calls: Calls) -> None:
    for actor in (PUBLIC, BO):
        with pytest.raises(Refusal):
            calls.by(actor).report(CLINIC, **PERIOD)
    for query in ({"by": "hour"}, {"to": "2026-10-01"}, {"to": "2031-01-01"}, {"from": "soon"}, {"language": "xx"}):
        with pytest.raises(Invalid):
            report(calls, **query)


def test_counting_a_batch_is_two_statements_and_one_more_where_a_change_is_taken_back(postgres: Database) -> None:
    calls = Calls(World(postgres))
    references = [
        calls.book(key=f"{hour}", start=(START + timedelta(hours=hour)).isoformat())["reference"] for hour in range(4)
    ]
    events = calls.events(*COUNTED)
    with statements(postgres) as sent:
        count(calls, *events)
    assert [statement.split()[0] for statement, _ in sent] == ["INSERT", "INSERT"]
    version = calls.cancel_as_staff(STAFF, references[0])["version"]
    calls.undo(STAFF, references[0], version)
    events = calls.events(*COUNTED)
    with statements(postgres) as sent:
        count(calls, *events)
    assert [statement.split()[0] for statement, _ in sent] == ["INSERT", "SELECT"], "it counts as nothing at all"
    assert report(calls)["total"]["cancellations"] == 0


def test_the_report_reads_days_and_not_bookings(postgres: Database) -> None:
    """It stays as it is however many bookings there are: four statements, and none of them about bookings."""
    calls = Calls(World(postgres))
    with statements(postgres) as sent:
        report(calls)
    asked = [statement for statement, _ in sent if "SELECT" in statement]
    assert len(asked) == 4
    assert all("FROM report_" in statement for statement in asked)


def test_what_another_process_has_counted_counts_no_more(postgres: Database) -> None:
    calls = Calls(World(postgres))
    for hour in range(3):
        calls.book(key=f"{hour}", start=(START + timedelta(hours=hour)).isoformat())
    events = calls.events(*COUNTED)
    effect = count_changes(calls.world.desk(SERVICE), events)
    first, second = (UnitOfWork(postgres, BookingStore) for _ in range(2))
    take_in(first, effect, None, calls.world.now)
    take_in(second, effect, None, calls.world.now)
    assert report(calls)["total"]["bookings"] == 3


def test_a2_visits_and_refusals_are_counted_once_for_each_batch(database: Database) -> None:
    """A gateway that heard no answer tells a batch again; it counts on the day on which it was gathered."""
    calls = Calls(World(database))
    wanted = {"type": "visit", "practitioner": "anna", "weekday": None, "hour": None}
    rows = [
        {**wanted, "code": "", "count": 5},
        {**wanted, "code": "slot_taken", "weekday": 2, "hour": 17, "count": 3},
        {**wanted, "code": "no_times", "type": "", "practitioner": "", "count": 1},
    ]
    for batch in ("a" * 32, "a" * 32, "b" * 32):
        calls.by(SERVICE).note_online(CLINIC, batch=batch, at="2026-11-01T23:30:00+00:00", rows=rows)
    told = report(calls)
    counted = row(told, "2026-11-02")
    assert (counted["visits"], counted["refusals"]) == (10, {"no_times": 2, "slot_taken": 6})
    assert told["wanted"] == [
        {"code": "slot_taken", "weekday": 2, "hour": 17, "count": 6},
        {"code": "no_times", "weekday": None, "hour": None, "count": 2},
    ]
    assert [(each["key"], each["visits"]) for each in report(calls, by="type")["rows"]] == [("", 0), ("visit", 10)]
    with pytest.raises(Refusal):
        calls.by(STAFF).note_online(CLINIC, batch="c" * 32, at="2026-11-01T23:30:00+00:00", rows=rows)
    with pytest.raises(Invalid):
        calls.by(SERVICE).note_online(CLINIC, batch="c", at="2026-11-01T23:30:00+00:00", rows=rows)
