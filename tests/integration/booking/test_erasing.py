"""Booking forgets a person: of their bookings only when and for what they were is left (PRODUCT A3, ADR 53)."""

import pytest
from sqlalchemy.exc import DBAPIError

from shared.storage.database import Database
from tests.builders.booking.world import MAJA, STAFF, World, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.erased import PERSONAL, a_past, erased, everything, linked, verified
from tests.integration.booking.recalls.clinic import FIRST


def test_a3_nothing_of_the_person_is_left_and_the_chain_is_whole(database: Database) -> None:
    calls = Calls(World(database))
    reference = a_past(calls)
    before = everything(calls)
    assert [text for text in PERSONAL if text not in before] == [], "the search finds what there is"
    calls.hear(erased(FIRST))
    after = everything(calls)
    assert [text for text in PERSONAL if text in after] == []
    left = calls.get(reference, STAFF)
    assert (left["type"], left["status"], left["patient"]["last_name"]) == ("visit", "cancelled", None)
    types = [entry["type"] for entry in calls.history(STAFF, reference)["history"]]
    assert types[0] == "BookingCreated"
    assert verified(calls) == []
    (told,) = calls.events("BookingsErased")
    assert (told.subject, told.data) == (MAJA, {"references": [reference], "needs": [FIRST]})


def test_a3_it_acts_once_and_what_is_linked_only_afterwards_is_erased_too(calls: Calls) -> None:
    reference = calls.book()["reference"]
    event = erased()
    calls.hear(event)
    calls.hear(event)
    assert len(calls.events("BookingsErased")) == 1, "it is told also where there was nothing"
    calls.hear(linked(reference))
    assert [told.data["references"] for told in calls.events("BookingsErased")] == [[], [reference]]
    assert calls.get(reference, STAFF)["patient"]["last_name"] is None
    assert verified(calls) == []


def test_a3_no_late_news_of_a_need_calls_an_erased_patient_in(calls: Calls) -> None:
    calls.hear(erased(FIRST))
    calls.hear(a_need())
    assert [text for text in PERSONAL if text in everything(calls)] == []


def test_a3_only_the_person_may_be_taken_out_of_a_history_and_nothing_without_the_proof(database: Database) -> None:
    calls = Calls(World(database))
    calls.hear(linked(calls.book()["reference"]))
    for change in ("version = 7", "erased = 'x', type = 'BookingMoved'", "erased = 'x', hash = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as connection:
            connection.exec_driver_sql(f"UPDATE history SET {change}")
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE history SET erased = 'x', source = NULL")
    assert [each["reason"] for each in verified(calls)] == ["the entry was changed"], "not by the house"
