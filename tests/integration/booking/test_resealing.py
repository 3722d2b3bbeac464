"""What booking stores is sealed anew with a newer key, while others work, and nothing of it becomes another (A3)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from cli.keys.resealing import alone
from services.booking.model.history import Entry, Head
from services.booking.store import metadata
from services.booking.store.tables import bookings, history, outbox
from shared.sealed import Sealer
from shared.storage.database import Database
from shared.storage.keys import walking
from shared.storage.keys.resealing import Found, sealed_tables
from tests.builders.booking.world import CLINIC, KEYS, MAJA, NOW, STAFF, START, World, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import RECORD

NEW = "k2:" + "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
BOTH = Sealer(f"{NEW},k1:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
NEWEST = Sealer(NEW)


def a_busy_day(calls: Calls) -> list[str]:
    """Let everything arise that booking seals; return the references."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.hear(a_need())
    recalled = calls.recall(start=(START + timedelta(hours=4)).isoformat())["reference"]
    calls.issue(reference=recalled)
    first = calls.book(message="Ring på")
    calls.change(STAFF, first["reference"], start=(START + timedelta(hours=1)).isoformat())
    calls.note(first["reference"], "Väntar på svar")
    second = calls.book(start=(START + timedelta(hours=2)).isoformat())
    calls.cancel(second["manage_token"], "Maja är sjuk")
    return [first["reference"], second["reference"], recalled]


def resealed(database: Database) -> Found:
    """Seal everything anew once; return what was."""
    done = Found()
    for sealed in sealed_tables(metadata, "EVENT_KEYS"):
        for page in sealed.pages(database):
            if wanted := sealed.to_reseal(page, ["k1"]):
                done.add(sealed.reseal(database, wanted, ["k1"], BOTH))
    return done


def found(database: Database) -> Found:
    """Return what the database holds by either key."""
    sums = Found()
    for sealed in sealed_tables(metadata, "EVENT_KEYS"):
        for page in sealed.pages(database):
            sums.add(sealed.found(page, ["k1", "k2"]))
    return sums


def opened(database: Database, sealer: Sealer) -> list[Any]:
    """Return the persons and notes of all bookings, and the persons of all events, as `sealer` opens them."""
    with database.reading() as connection:
        rows = connection.execute(select(bookings.c.person, bookings.c.note).order_by(bookings.c.reference)).all()
        bodies = connection.scalars(select(outbox.c.body).order_by(outbox.c.position)).all()
    persons = [body["data"]["person"] for body in bodies if "person" in body["data"]]
    return [sealer.open(each) for each in (*(text for row in rows for text in row if text), *persons)]


def test_everything_opens_with_the_new_key_alone_and_says_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, and histories stay whole: their chain covers digests of what is sealed (ADR 52)."""
    monkeypatch.setattr(walking, "AT_ONCE", 2)
    calls = Calls(World(database))
    references = a_busy_day(calls)
    before, told = found(database).sealed, opened(database, KEYS.people)
    histories = [calls.history(STAFF, each) for each in references]
    assert before["k1"] > 15
    assert resealed(database).sealed == before
    assert found(database).sealed == {"k2": before["k1"]}
    assert opened(database, NEWEST) == told
    monkeypatch.setattr(KEYS.people, "_keys", NEWEST._keys)
    assert [calls.history(STAFF, each) for each in references] == histories
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []
    assert resealed(database).sealed == {}, "a second time there is nothing to do"


def test_nothing_but_what_is_sealed_of_a_history_becomes_another(database: Database) -> None:
    """A1: the database itself refuses it."""
    a_busy_day(Calls(World(database)))
    for change in ("type = 'x'", "hash = 'x'", "version = 9", "digests = NULL"):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as connection:
            connection.execute(text(f"UPDATE history SET {change}"))


def test_an_entry_that_is_covered_as_it_stands_stays_so_and_is_counted(database: Database) -> None:
    """ADR 54: its key is needed for as long as its clinic's history has to be whole."""
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    with calls.world.work() as store:
        booking = store.booking(reference, for_change=True)
        assert booking is not None
        desk = calls.world.desk()
        entry = desk.chain.linked(
            Entry(
                reference, CLINIC, booking.history_length + 1, NOW, "BookingMoved", {"kind": "patient", "id": None},
                desk.personal.sealed("web 198.51.100.9"), {}, 1, booking.history_head, "",
            )
        )  # fmt: skip
        kept = {name: value for name, value in vars(entry).items() if value is not None}
        store.connection.execute(insert(history).values(kept))
        store.set_history_heads([Head(reference, entry.position, entry.hash)])
    resealed(database)
    left = found(database)
    assert (left.sealed["k1"], left.covered) == (0, {"k1": 1})
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_a_damaged_text_is_told_and_left(database: Database) -> None:
    reference = Calls(World(database)).book()["reference"]
    damaged = KEYS.people.seal({"first_name": "Maja"})[:-6] + "AAAAAA"
    with database.transaction() as connection:
        connection.execute(update(bookings).values(person=damaged))
    assert resealed(database).damaged == 1
    with database.reading() as connection:
        kept = select(bookings.c.person).where(bookings.c.reference == reference)
        assert connection.scalar(kept) == damaged


def test_a_row_that_somebody_is_changing_is_passed_over(postgres: Database) -> None:
    """Nobody waits for it, and what they write is not lost."""
    calls = Calls(World(postgres))
    first, second = (calls.book(start=(START + timedelta(hours=hour)).isoformat()) for hour in range(2))
    with calls.world.work() as store:
        assert store.booking(first["reference"], for_change=True)
        resealed(postgres)
    with postgres.reading() as connection:
        rows = connection.execute(select(bookings.c.reference, bookings.c.person)).all()
    by_key = {reference: person.partition(".")[0] for reference, person in rows}
    assert by_key == {first["reference"]: "k1", second["reference"]: "k2"}


def test_one_process_at_a_time_seals_anew_and_the_next_may_when_it_has_ended(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """ADR 54: the second is told so; the first goes on reading meanwhile."""
    other = Database(database.url, limits=None)
    with alone("booking", database):
        assert found(database) == Found()
        with pytest.raises(SystemExit), alone("booking", other):
            pytest.fail("two at once")
    assert "another process already seals anew what booking stores" in capsys.readouterr().err
    with alone("booking", other):
        pass
    other.close()
