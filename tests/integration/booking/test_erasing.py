"""Booking forgets a person: of their bookings only when and for what they were is left (PRODUCT A3, ADR 53)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from services.booking.store.tables import metadata
from shared.contracts.envelope import Event, new_event
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, MAJA, STAFF, START, World, a_contact, a_need
from tests.builders.lying_open import opened
from tests.integration.booking.calls import Calls, an_event
from tests.integration.booking.recalls.clinic import FIRST, RECORD

PERSONAL = ("Maja", "Lund", "701234567", "maja@", "Ring på", "sjuk", "Afraid", "192.0.2")


def erased(*needs: str) -> Event:
    """Return the event by which patient tells that Maja is erased."""
    return new_event(
        "patient", "PatientErased", clinic=CLINIC, subject=MAJA, version=5, data={"needs": list(needs)},
        now=START, actor={"kind": "staff", "id": "eva@solna.example"}, correlation_id="c",
    )  # fmt: skip


def linked(reference: str) -> Event:
    """Return the event by which patient says that a booking is Maja's."""
    return an_event("patient", "PatientCreated", patient=MAJA, booking=reference, person=a_contact())


def everything(calls: Calls) -> str:
    """Return all that booking's database holds, every sealed text opened."""
    with calls.world.database.reading() as connection:
        rows = [[*map(tuple, connection.execute(select(table)))] for table in metadata.sorted_tables]
    return opened(rows, KEYS.people)


def a_past(calls: Calls) -> str:
    """Let Maja book by the web, move and cancel with a comment, be noted of and called in; return the reference."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    booked = calls.book(message="Ring på", key="k")
    calls.hear(linked(booked["reference"]))
    calls.note(booked["reference"], "Afraid of needles.")
    calls.move(booked["manage_token"], START + timedelta(minutes=30))
    calls.cancel(booked["manage_token"], "Maja är sjuk")
    calls.hear(a_need())
    calls.issue(need=FIRST, send=["email", "sms"])
    return str(booked["reference"])


def verified(calls: Calls) -> list[Any]:
    """Return what of the histories is not as it was written."""
    found: list[Any] = calls.by(STAFF).verify_history(CLINIC)["broken"]
    return found


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


def test_a3_only_the_person_may_be_taken_out_of_a_history_and_nothing_without_the_proof(database: Database) -> None:
    calls = Calls(World(database))
    calls.hear(linked(calls.book()["reference"]))
    for change in ("version = 7", "erased = 'x', type = 'BookingMoved'", "erased = 'x', hash = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as connection:
            connection.exec_driver_sql(f"UPDATE history SET {change}")
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE history SET erased = 'x', source = NULL")
    assert [each["reason"] for each in verified(calls)] == ["the entry was changed"], "not by the house"
